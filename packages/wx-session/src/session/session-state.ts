/** Times are ISO 8601 strings. */
export interface Tokens {
  accessToken: string
  accessTokenExpiresAt: string
  refreshToken: string
  refreshTokenExpiresAt: string
}

/** The server knows who it is. */
export interface SignedIn<U> {
  status: 'signedIn'
  tokens: Tokens
  user: U
  newUser: boolean
}

/** The server does not know this WeChat identity yet: the ticket binds it to an account. */
export interface Unbound {
  status: 'unbound'
  ticket: string
  ticketExpiresAt: string
}

export type SessionState<U> =
  /** Launched, or not even that: nothing is known yet. */
  | { status: 'starting' }
  | { status: 'signedIn'; user: U }
  | Unbound
  /** The person has signed out, now or in an earlier run. */
  | { status: 'signedOut' }
  /** The last try to sign in failed; `error` is what the login or the exchange has thrown. */
  | { status: 'offline'; error: unknown }

/** The `cause` of a call that needs a token while there is none to be had; it was not sent. */
export class NotSignedInError extends Error {
  declare readonly state: SessionState<unknown>

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
