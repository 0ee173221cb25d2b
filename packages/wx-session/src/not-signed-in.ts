import type { SessionState } from './session-state.ts'

/** The `cause` of a call that needs a token while there is none to be had; it was not sent. */
export class NotSignedInError extends Error {
  readonly state: SessionState<unknown>

  constructor(state: SessionState<unknown>) {
    super(`Not signed in: ${state.status}`)
    this.name = 'NotSignedInError'
    this.state = state
  }
}

/** The NotSignedInError in whatever a call has thrown; null where it is something else. */
export function notSignedIn(error: unknown): NotSignedInError | null {
  if (error instanceof NotSignedInError) return error
  if (error instanceof Error && error.cause instanceof NotSignedInError) return error.cause
  return null
}
