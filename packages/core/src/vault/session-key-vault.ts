/**
 * WeChat's session_key as it is stored: sealed, with a keyed fingerprint. By the fingerprint a store sees
 * whether a key is new, without being able to read it.
 */
export interface SealedKey {
  /**
   * May be a getter, which object spread on an instance would skip. It is computed on demand, because most
   * sign-ins return the stored key.
   */
  readonly sealed: string
  readonly fingerprint: string
  /**
   * The fingerprints of the same session_key under the former keys of the service, for a key that WeChat has just
   * returned. By them a store sees that it has the session_key already.
   */
  readonly formerFingerprints?: readonly string[]
}

/** Whether a stored fingerprint, of the current key of the service or of a former one, is of this session_key. */
export function isSameKey(key: SealedKey, stored: string): 'same' | 'former' | null {
  if (stored === key.fingerprint) return 'same'
  // Computed on demand, because most sign-ins return the stored key.
  return key.formerFingerprints?.includes(stored) ? 'former' : null
}

/** Seals session keys at rest. A sealed key can only be opened for the identity that it was sealed for. */
export interface SessionKeyVault {
  seal(owner: KeyOwner, sessionKey: string): SealedKey
  /**
   * Opens a sealed key.
   *
   * @throws Error where it was altered or sealed for another identity
   */
  open(owner: KeyOwner, sealed: string): string
}

export interface KeyOwner {
  readonly appId: string
  readonly openid: string
}
