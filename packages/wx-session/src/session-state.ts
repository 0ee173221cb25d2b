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
