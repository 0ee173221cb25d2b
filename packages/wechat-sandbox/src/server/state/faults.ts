const login = '/sns/jscode2session'
const userPaths = [login, '/wxa/business/getuserphonenumber']
/** The phone's button; every other path here is one of WeChat's server API. */
export const phoneButtonPath = '/sandbox/phone' as const

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

/** Where each kind makes sense; null for all of the server API. */
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

export const faultKinds: readonly FaultKind[] = Object.keys(applicablePaths) as FaultKind[]

export interface Fault {
  kind: FaultKind
  /** The only path that it appliesTo, or null. */
  path: string | null
  /** How many calls it still spoils; null until it is taken back. */
  times: number | null
  /** For `slow`, milliseconds. */
  delayMs: number
  /** For `errcode`, what WeChat says. */
  errcode: number
}

export type FaultInput = { kind: FaultKind } & {
  [K in 'path' | 'times' | 'delayMs' | 'errcode']?: NonNullable<Fault[K]> | undefined
}

export interface Faults {
  /** One for each path and one for all the others; `none` without a path takes all of them back. */
  set(input: FaultInput): Fault
  /** The one for all paths, and those for one path each. */
  current(): Fault & { paths: Fault[] }
  /** What appliesTo the call that has just come in. */
  next(path: string): Fault
}

const none: Fault = { kind: 'none', path: null, times: null, delayMs: 0, errcode: -1 }
// Longer than a service should wait for WeChat.
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
