/** Hashes and verifies passwords, off the caller's thread. */
export interface Passwords {
  hash(password: string): Promise<string>
  /**
   * Whether the password matches the hash. With `null` (no such account, or an account without a password) it
   * takes the same time and returns false, so that the time does not reveal which accounts exist.
   */
  verify(password: string, hash: string | null): Promise<boolean>
  /** Whether the password is on the list of common passwords (NIST SP 800-63B §5.1.1.2). */
  isCommon(password: string): Promise<boolean>
}
