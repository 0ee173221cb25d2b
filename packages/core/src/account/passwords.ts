/** For whom a password is hashed or verified. */
export interface PasswordCaller {
  /** Administrators have a place of their own, so that their sign-in waits behind no user. */
  readonly kind: 'user' | 'administrator'
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
   * Whether the password matches the hash. With `null` (no such account, or an account without a password) it
   * takes the same time and returns false, so that the time does not reveal which accounts exist.
   */
  verify(password: string, hash: string | null, caller?: PasswordCaller): Promise<boolean>
  /** Whether the password is on the list of common passwords (NIST SP 800-63B §5.1.1.2). */
  isCommon(password: string): Promise<boolean>
}
