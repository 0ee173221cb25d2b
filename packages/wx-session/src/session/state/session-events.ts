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
    const keyOf = (state: SessionState<U>) => state.status + stateStore.epoch
    let previous = keyOf(stateStore.state)
    return stateStore.subscribe((state) => {
      const key = keyOf(state)
      // A new profile and a silent renewal are not a sign-in; binding another account is one.
      const isUnchanged = event === 'signedIn' && key === previous
      previous = key
      if (state.status === event && !isUnchanged) listener(state as Parameters<typeof listener>[0])
    })
  }
