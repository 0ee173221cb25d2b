import type { SessionState } from './session-state.ts'
import type { SessionStateStore } from './session-state-store.ts'

/** An event has the name of the status that the session changes to. */
export type SessionEvent = Exclude<SessionState<unknown>['status'], 'starting'>

/** Calls the listener when the session changes to one status. Returns the function that unsubscribes. */
export type OnSessionEvent<U> = <E extends SessionEvent>(
  event: E,
  listener: (state: Extract<SessionState<U>, { status: E }>) => void,
) => () => void

export const createSessionEvents =
  <U>(stateStore: SessionStateStore<U>): OnSessionEvent<U> =>
  (event, listener) => {
    let { signIns } = stateStore
    return stateStore.subscribe((state) => {
      // A new profile and a silent renewal are not a sign-in; binding another account is one.
      const isUnchanged = event === 'signedIn' && stateStore.signIns === signIns
      signIns = stateStore.signIns
      if (state.status === event && !isUnchanged) listener(state as Parameters<typeof listener>[0])
    })
  }
