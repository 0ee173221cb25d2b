/** One-time codes of an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds). */
export interface Totp {
  /** A new secret, also sealed for the store, and as an address that an app reads from a QR code. */
  draft(administrator: { id: string; account: string }): {
    secret: string
    uri: string
    sealed: string
  }
  /** The time step that the code belongs to, at most one step away; null where it does not fit. */
  stepOf(userId: string, sealed: string, guess: { code: string; now: number }): number | null
}

/** What an administrator keeps on paper for the day the phone is gone; each counts once. */
export interface RecoveryCodes {
  /** Ten new ones, of 59 bits each. */
  draw(): readonly string[]
  /** How a code is kept and found, however it was typed; useless to whoever has the database alone. */
  hash(userId: string, code: string): string
}
