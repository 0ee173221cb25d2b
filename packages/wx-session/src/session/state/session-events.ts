import type { SessionState } from './session-state.ts'

/** An event has the name of the status that the session changes to. */
export type SessionEvent = Exclude<SessionState<unknown>['status'], 'starting'>

/** Calls the listener when the session changes to one status. Returns the function that unsubscribes. */
export type OnSessionEvent<U> = <E extends SessionEvent>(
  event: E,
  listener: (state: Extract<SessionState<U>, { status: E }>) => void,
) => () => void
