const login = '/sns/jscode2session'
const userPaths = [login, '/wxa/business/getuserphonenumber']
/** The control route behind the phone number button; all other paths of faults are WeChat's. */
export const phoneButtonPath = '/sandbox/phone' as const

/** The ways in which the sandbox can fail; the README describes each. */
export type FaultKind =
  | 'none'
  | 'busy'
  | 'slow'
  | 'silent'
  | 'garbage'
  | 'huge'
  | 'redirect'
  | 'http500'
  | 'down'
  | 'cut'
  | 'lost'
  | 'quota'
  | 'errcode'
  | 'blocked'
  | 'rateLimited'
  | 'noOpenid'
  | 'noUnionid'
  | 'errcodeZero'
  | 'phoneQuota'

/** The paths that each kind applies to; null for all of the server API. */
const applicablePaths: Record<FaultKind, readonly string[] | null> = {
  none: null,
  busy: null,
  slow: null,
  silent: null,
  garbage: null,
  huge: null,
  redirect: null,
  http500: null,
  down: null,
  cut: null,
  lost: null,
  quota: null,
  errcode: null,
  blocked: userPaths,
  rateLimited: userPaths,
  noOpenid: [login],
  noUnionid: [login],
  errcodeZero: [login],
  phoneQuota: [phoneButtonPath],
}

/** All fault kinds, `none` included. */
export const faultKinds: readonly FaultKind[] = Object.keys(applicablePaths) as FaultKind[]

/** A fault that is set. */
export interface Fault {
  /** What goes wrong. */
  kind: FaultKind
  /** The only path that it affects; null for all paths. */
  path: string | null
  /** How many calls it still affects; null until it is removed. */
  times: number | null
  /** The delay of `slow`, in milliseconds. */
  delayMs: number
  /** The error code that the kind `errcode` replies with. */
  errcode: number
}

/** A fault to set; `times`, `delayMs` and `errcode` have defaults. */
export type FaultInput = { kind: FaultKind } & {
  [K in 'path' | 'times' | 'delayMs' | 'errcode']?: NonNullable<Fault[K]> | undefined
}

/** The faults that are set: one for each path, and one for all other paths. */
export interface Faults {
  /** Sets a fault; `none` removes the fault of its path, or all faults where it has no path. */
  set(input: FaultInput): Fault
  /** The fault for all paths, and in `paths` those for one path each. */
  current(): Fault & { paths: Fault[] }
  /** The fault for a call that has just arrived; counts the call. */
  next(path: string): Fault
}

const none: Fault = { kind: 'none', path: null, times: null, delayMs: 0, errcode: -1 }
/** Milliseconds; longer than a service should wait for WeChat. */
const defaultDelay = 10_000

export function createFaults(): Faults {
  const faults = new Map<string | null, Fault>()

  function findFault(path: string): Fault | undefined {
    return [faults.get(path), faults.get(null)].find(
      (fault) => fault && appliesTo(fault.kind, path),
    )
  }

  return {
    set({ kind, path = null, times = null, delayMs = defaultDelay, errcode = -1 }) {
      if (kind === 'none') {
        if (path === null) faults.clear()
        faults.delete(path)
        return { ...none, path }
      }
      const fault = { kind, path, times, delayMs, errcode }
      faults.set(path, fault)
      return fault
    },
    current() {
      const paths = [...faults.values()].filter(({ path }) => path !== null)
      return { ...(faults.get(null) ?? none), paths }
    },
    next(path) {
      const fault = findFault(path)
      if (fault === undefined) return none
      if (fault.times === 1) faults.delete(fault.path)
      else if (fault.times !== null) faults.set(fault.path, { ...fault, times: fault.times - 1 })
      return fault
    },
  }
}

function appliesTo(kind: FaultKind, path: string): boolean {
  const where = applicablePaths[kind]
  return where === null ? path !== phoneButtonPath : where.includes(path)
}
