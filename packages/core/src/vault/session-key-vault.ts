/**
 * WeChat's session_key as it is stored: sealed, with a keyed fingerprint by which the store sees
 * whether WeChat gave a new key without being able to read either.
 */
export interface SealedKey {
  /**
   * May be made when it is read, and so not be there to spread: who signs in again mostly brings the key that
   * is kept already.
   */
  readonly sealed: string
  readonly fingerprint: string
}

/** Keeps session keys unreadable at rest. A sealed key opens only for the identity it was sealed for. */
export interface SessionKeyVault {
  seal(owner: KeyOwner, sessionKey: string): SealedKey
  /** @throws where it was altered, or sealed for somebody else */
  open(owner: KeyOwner, sealed: string): string
}

export interface KeyOwner {
  readonly appId: string
  readonly openid: string
}
