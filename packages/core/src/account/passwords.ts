/** For whom a password is hashed or verified. */
export interface PasswordCaller {
  /**
   * Each kind has a place of its own, so that none waits behind another. `administrator` is anyone at the console's
   * sign-in; a known one is signed in, or comes from a browser in which the administrator has signed in before.
   */
  readonly kind: 'user' | 'administrator' | 'known administrator'
  /** Who calls: an openid in its app, a user id, or the account name of an administrator. */
  readonly id: string
  /** The network of the call, as in `Origin.address`. */
  readonly network: string
  /** Whether the caller has closed the connection; then the password is not hashed. */
  readonly isGone?: (() => boolean) | undefined
}

/**
 * Hashes and verifies passwords, off the caller's thread. Calls that wait take turns by network, and within a network by
 * caller. A call without a caller is one of the service itself.
 *
 * @throws Failure `overloaded` where too many calls wait, the caller has too many of them, or the wait was too long
 */
export interface Passwords {
  hash(password: string, caller?: PasswordCaller): Promise<string>
  /**
   * Whether the password matches the hash. With `null` (no such account, or an account without a password) and with a
   * text that is no hash it takes the same time and returns false, so that the time does not reveal which accounts exist.
   */
  verify(password: string, hash: string | null, caller?: PasswordCaller): Promise<boolean>
  /**
   * Whether to replace a hash that the password has matched: one that `hash` did not make, from an import. Not where its scheme
   * has compared only the beginning of the password: with another end it would lock out the owner.
   */
  isRenewable(hash: string, password: string): boolean
  /** Whether the password is on the list of common passwords (NIST SP 800-63B §5.1.1.2). */
  isCommon(password: string): Promise<boolean>
}
