/** One-time codes of an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds). */
export interface Totp {
  /** A new secret, also sealed for the store, and as an `otpauth:` URI for a QR code. */
  draft(administrator: { id: string; account: string }): {
    secret: string
    uri: string
    sealed: string
  }
  /** The time step of a code, at most one step before or after now; null where the code is wrong. */
  stepOf(userId: string, sealed: string, guess: { code: string; now: number }): number | null
}

/** Codes to keep on paper in case the phone is lost. Each is accepted once. */
export interface RecoveryCodes {
  /** Ten new codes of 59 bits each. */
  draw(): readonly string[]
  /**
   * The keyed hash under which a code is stored, independent of spaces, hyphens and case. Useless without the
   * service's key.
   */
  hash(userId: string, code: string): string
  /** The hashes of the code under the former keys of the service. */
  formerHashes(userId: string, code: string): readonly string[]
}

/**
 * A code as it was meant: apps show `123 456`, people type `123-456` or full-width digits. A text that is no six digits
 * stays as it is, because it may be a recovery code.
 */
export function plainCode(code: string): string {
  const digits = code.normalize('NFKC').replace(/[\s-]/g, '')
  return /^\d{6}$/.test(digits) ? digits : code
}
