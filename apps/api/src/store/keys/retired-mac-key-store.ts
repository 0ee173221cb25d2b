/**
 * The purposes of MACs that cannot be made again under another key, because the database does not have what they were
 * made of.
 */
export const keptPurposes = ['refresh token', 'recovery code'] as const
export type KeptPurpose = (typeof keptPurposes)[number]

export interface RetiredMacKey {
  readonly rootId: string
  readonly purpose: KeptPurpose
  readonly sealedKey: string
  /** ms since the epoch. */
  readonly retiredAt: number
}

/** Keys for MACs of root keys that were removed from SECRET_KEY, sealed. They are stored by `rootKeys.claimAlone`. */
export interface RetiredMacKeyStore {
  /** A plain read. */
  list(): Promise<readonly RetiredMacKey[]>
  /**
   * Deletes the keys of `purpose` that were retired at `until` or before, and sets a time after `now`, of a clock that was
   * ahead, to `now`. One transaction; callers that race do the same twice.
   */
  clean(limits: {
    readonly purpose: KeptPurpose
    readonly until: number
    readonly now: number
  }): Promise<void>
}
