import type { VerifiedServiceKey } from './service-key.ts'

/** The least time in ms between two notes of the use of a secret. */
export const useInterval = 60_000

/** What verifying a key needs of the store of keys. */
export interface ServiceKeyFinder {
  /** The key with this secret, where it is neither revoked nor over. Read on every call, and never cached. */
  find(hash: string, now: number): Promise<VerifiedServiceKey | null>
  /** Keeps the time of a use, where the one that is kept is older by `useInterval`, or ahead of it. */
  noteUse(hash: string, at: number): Promise<void>
}
