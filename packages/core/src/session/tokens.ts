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

/** Makes and reads the tokens that leave the service, and the ids that name things in it. */
export interface TokenMaker {
  signAccess(claims: AccessClaims, now: number): Promise<{ token: string; expiresAt: number }>
  /** What a token that we signed says, or null for any fault of it, its age included. */
  verifyAccess(token: string, now: number): Promise<AccessClaims | null>
  /** Deterministic: the same session and counter always give the same token. */
  refreshToken(sessionId: string, counter: number): string
  readRefreshToken(token: string): { sessionId: string; counter: number } | null
  /** 256 random bits for the client, and the hash under which the store knows them. */
  newTicket(): { ticket: string; hash: string }
  hashTicket(ticket: string): string
  newId(): string
}
