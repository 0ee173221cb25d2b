import { assign, fieldsOf } from '../fields.ts'

/**
 * The tokens of a signed-in session. A backend with one token leaves the refresh token out; one that does not say
 * when a token expires leaves its time out.
 */
export interface Tokens {
  /** Sent as `Authorization: Bearer …` with every call. */
  accessToken: string
  /** When the access token expires: ISO 8601, or milliseconds since the epoch. */
  accessTokenExpiresAt?: string | number | null | undefined
  /** Exchanged for new tokens by `refresh`. */
  refreshToken?: string | null | undefined
  /** When the refresh token expires: ISO 8601, or milliseconds since the epoch. */
  refreshTokenExpiresAt?: string | number | null | undefined
}

export const isToken = (value: unknown): value is string => !!value && typeof value === 'string'

/** Whether a value from the server or from storage has an access token. */
export const isTokens = (value: unknown): value is Tokens => {
  const { accessToken, refreshToken } = fieldsOf(value)
  // In JSON a backend with one token may say null.
  return isToken(accessToken) && (refreshToken == null || isToken(refreshToken))
}

/** The server's reply for a WeChat identity that is bound to an account. */
export interface SignedIn<U> {
  /** Distinguishes the reply from `Unbound`. */
  status: 'signedIn'
  /** The tokens of the new session. */
  tokens: Tokens
  /** The user as the server describes them; becomes `state.user`. */
  user: U
  /** Whether this reply has created the user. */
  newUser?: boolean
}

/** The server's reply for a WeChat identity that is not bound to an account. */
export interface Unbound {
  /** Distinguishes the reply from `SignedIn`. */
  status: 'unbound'
  /** Binds the identity to an account. */
  ticket: string
  /** When the ticket expires, ISO 8601. */
  ticketExpiresAt: string
}

/** The state of a session, by its `status`. */
export type SessionState<U> =
  /** Before the first result: not launched, or the launch has not finished. */
  | { status: 'starting' }
  /** The person is signed in as `user`. */
  | { status: 'signedIn'; user: U }
  /** The WeChat identity is not bound to an account; `ticket` can bind it. */
  | Unbound
  /** The person has signed out, in this run or an earlier one. */
  | { status: 'signedOut' }
  /** The last sign-in failed. `error` is what wx.login or `exchange` has thrown. */
  | { status: 'offline'; error: unknown }

/** One object: a sign-out that is found again is no change of the state. */
export const signedOut = { status: 'signedOut' } as const

/** The `cause` of a call that was not sent, because it needs a token and there is none. */
export class NotSignedInError extends Error {
  /** The state in which the call failed. */
  declare readonly state: SessionState<unknown>

  constructor(state: SessionState<unknown>) {
    super(`Not signed in: ${state.status}`)
    assign(this, { name: 'NotSignedInError', state })
  }
}

/** Finds the NotSignedInError in what a call has thrown; null for any other error. */
export const notSignedIn = (error: unknown): NotSignedInError | null => {
  const errors = [error, fieldsOf(error)['cause']]
  return errors.find((each) => each instanceof NotSignedInError) || null
}
