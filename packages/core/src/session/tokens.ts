export interface AccessClaims {
  readonly sessionId: string
  readonly userId: string
  readonly appId: string
}

export interface Tokens {
  readonly accessToken: string
  readonly accessTokenExpiresAt: number
  readonly refreshToken: string
  readonly refreshTokenExpiresAt: number
}

/** Issues and verifies tokens, and creates ids. */
export interface TokenMaker {
  /** Issues an access token. Times are milliseconds since the epoch. */
  signAccess(claims: AccessClaims, now: number): Promise<{ token: string; expiresAt: number }>
  /** The claims of a token of this service; null for any fault of it, expiry included. */
  verifyAccess(token: string, now: number): Promise<AccessClaims | null>
  /** Deterministic: the same session and counter always give the same token. */
  refreshToken(sessionId: string, counter: number): string
  /** The session and counter of a refresh token; null where its MAC is wrong. */
  readRefreshToken(token: string): { sessionId: string; counter: number } | null
  /** 256 random bits for the client, and the hash under which they are stored. */
  newTicket(): { ticket: string; hash: string }
  /** The hash under which a ticket, or another secret of the client, is stored. */
  hashTicket(ticket: string): string
  /** A new random id. */
  newId(): string
}
