import type { Generation } from './rotation.ts'

export interface AccessClaims {
  readonly sessionId: string
  readonly userId: string
  readonly appId: string
}

/** The claims of a token whose signature and times were verified. Times are milliseconds since the epoch. */
export interface VerifiedClaims extends AccessClaims {
  readonly issuedAt: number
  readonly expiresAt: number
}

export interface Tokens {
  readonly accessToken: string
  readonly accessTokenExpiresAt: number
  readonly refreshToken: string
  readonly refreshTokenExpiresAt: number
}

/** What a refresh token says; anyone can write that. */
export interface RefreshClaims extends Generation {
  readonly sessionId: string
}

/** What a refresh token is made of. */
export interface RefreshTokenParts extends RefreshClaims {
  /** The random value of the session; null for a generation that was issued by an earlier version. */
  readonly secret: string | null
}

/** Issues and verifies tokens, and creates ids. */
export interface TokenMaker {
  /** Issues an access token. Times are milliseconds since the epoch. */
  signAccess(claims: AccessClaims, now: number): Promise<{ token: string; expiresAt: number }>
  /** The claims of a token of this service; null for any fault of it, expiry included. */
  verifyAccess(token: string, now: number): Promise<VerifiedClaims | null>
  /** Deterministic: the same parts always give the same token. */
  refreshToken(parts: RefreshTokenParts): string
  /** What a refresh token says, before its MAC is verified; null for any other text. */
  readRefreshToken(token: string): RefreshClaims | null
  /** Whether this service has issued this token, made of these parts. */
  verifyRefreshToken(token: string, parts: RefreshTokenParts): boolean
  /** A random value of 128 bits for a new session. */
  newSecret(): string
  /** 256 random bits for the client, and the hash under which they are stored. */
  newTicket(): { ticket: string; hash: string }
  /** The hash under which a ticket, or another secret of the client, is stored. */
  hashTicket(ticket: string): string
  /** A new random id. */
  newId(): string
}
