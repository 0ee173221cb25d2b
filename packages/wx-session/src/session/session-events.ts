import type { Ledger } from './ledger.ts'
import type { SessionState } from './session-state.ts'

/** What may happen to a session; each is also the status that it leads to. */
export type SessionEvent = Exclude<SessionState<unknown>['status'], 'starting'>

/** Tells a listener when the session gets into one state. Returns what ends that. */
export type OnSessionEvent<U> = <E extends SessionEvent>(
  event: E,
  listener: (state: Extract<SessionState<U>, { status: E }>) => void,
) => () => void

export function createSessionEvents<U>(ledger: Ledger<U>): OnSessionEvent<U> {
  return (event, listener) => {
    let { epoch, state: before } = ledger
    return ledger.subscribe((state) => {
      // A new profile or a silent renewal is no sign-in, but binding another account is one.
      const isStill = event === 'signedIn' && before.status === event && epoch === ledger.epoch
      before = state
      epoch = ledger.epoch
      if (state.status === event && !isStill) listener(state as Parameters<typeof listener>[0])
    })
  }
}
