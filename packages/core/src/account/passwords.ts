/** Turns passwords into hashes and checks them, off the caller's thread. */
export interface Passwords {
  hash(password: string): Promise<string>
  /**
   * Whether the password fits the hash. With `null` (there is no such account, or it has no
   * password) it spends the same time and answers false, so that time tells nobody which
   * accounts exist.
   */
  verify(password: string, hash: string | null): Promise<boolean>
  /** Whether a password is among those that guessers try first (NIST SP 800-63B §5.1.1.2). */
  isCommon(password: string): Promise<boolean>
}
