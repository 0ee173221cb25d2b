/** The server's tokens. Times are ISO 8601 strings. */
export interface Tokens {
  /** Sent as `Authorization: Bearer …` with every call. */
  accessToken: string
  accessTokenExpiresAt: string
  /** Exchanged for new tokens by `refresh`. */
  refreshToken: string
  refreshTokenExpiresAt: string
}

/** The server's reply for a WeChat identity that is bound to an account. */
export interface SignedIn<U> {
  status: 'signedIn'
  tokens: Tokens
  user: U
  /** Whether this reply has created the user. */
  newUser: boolean
}

/** The server's reply for a WeChat identity that is not bound to an account. */
export interface Unbound {
  status: 'unbound'
  /** Binds the identity to an account. */
  ticket: string
  /** ISO 8601. */
  ticketExpiresAt: string
}

export type SessionState<U> =
  /** Before the first result: not launched, or the launch has not finished. */
  | { status: 'starting' }
  | { status: 'signedIn'; user: U }
  | Unbound
  /** The person has signed out, in this run or an earlier one. */
  | { status: 'signedOut' }
  /** The last sign-in failed. `error` is what wx.login or `exchange` has thrown. */
  | { status: 'offline'; error: unknown }

/** The `cause` of a call that was not sent, because it needs a token and there is none. */
export class NotSignedInError extends Error {
  /** The state in which the call failed. */
  declare readonly state: SessionState<unknown>

  constructor(state: SessionState<unknown>) {
    super(`Not signed in: ${state.status}`)
    this.name = 'NotSignedInError'
    this.state = state
  }
}

/** Finds the NotSignedInError in what a call has thrown; null for any other error. */
export function notSignedIn(error: unknown): NotSignedInError | null {
  if (error instanceof NotSignedInError) return error
  if (error instanceof Error && error.cause instanceof NotSignedInError) return error.cause
  return null
}
