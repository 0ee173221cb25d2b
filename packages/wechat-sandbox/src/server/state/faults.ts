export const faultKinds = [
  'none',
  'busy',
  'slow',
  'garbage',
  'down',
  'lost',
  'blocked',
  'rateLimited',
] as const

export type FaultKind = (typeof faultKinds)[number]

export interface Fault {
  kind: FaultKind
  /** How many calls it still spoils; null until it is taken back. */
  times: number | null
  /** For `slow`, milliseconds. */
  delayMs: number
}

export interface Faults {
  set(fault: { kind: FaultKind; times?: number | undefined; delayMs?: number | undefined }): Fault
  current(): Fault
  /** What befalls the call that has just come in. */
  next(path: string): Fault
}

const none: Fault = { kind: 'none', times: null, delayMs: 0 }
// Longer than a service should wait for WeChat.
const defaultDelay = 10_000
// Only calls that name a person can be answered with what WeChat says about a person.
const personal = new Set(['/sns/jscode2session', '/wxa/business/getuserphonenumber'])

export function createFaults(): Faults {
  let fault = none
  return {
    set({ kind, times, delayMs }) {
      fault =
        kind === 'none' ? none : { kind, times: times ?? null, delayMs: delayMs ?? defaultDelay }
      return fault
    },
    current: () => fault,
    next(path) {
      const aboutPeople = fault.kind === 'blocked' || fault.kind === 'rateLimited'
      if (aboutPeople && !personal.has(path)) return none
      const befalling = fault
      if (fault.times !== null) {
        fault = fault.times > 1 ? { ...fault, times: fault.times - 1 } : none
      }
      return befalling
    },
  }
}
