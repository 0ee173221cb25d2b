/** A signing key of access tokens. */
export interface SigningKeyRecord extends NewSigningKey {
  /** When its root key was replaced, in ms since the epoch; null while it is in use. */
  readonly retiredAt: number | null
}

export interface NewSigningKey {
  readonly kid: string
  /** The root key that it signs for. There is at most one signing key for each. */
  readonly rootId: string
  readonly sealedPrivateJwk: string
  readonly createdAt: number
}

export interface SigningKeyStore {
  /** All keys, the newest first. A plain read. */
  list(): Promise<readonly SigningKeyRecord[]>
  /**
   * In one transaction: deletes the keys that were retired at `retiredUntil` or before, and those that are not retired,
   * were created at `unusedUntil` or before, and whose root key is neither among `listed` nor in use; sets a time of retirement after `now`, of a clock that was ahead, to `now`;
   * inserts each draft whose root key has no signing key; takes the key of the root key `first` into use again. Callers
   * that race get the same keys: for each root key the draft of one of them.
   *
   * @returns all keys afterwards, the newest first
   */
  keep(change: {
    readonly first: string
    readonly listed: readonly string[]
    readonly drafts: readonly NewSigningKey[]
    readonly retiredUntil: number
    readonly unusedUntil: number
    readonly now: number
  }): Promise<readonly SigningKeyRecord[]>
  /** Whether a session or a sealed session_key shows that a service has run on the database. A plain read. */
  haveBeenUsed(): Promise<boolean>
}
