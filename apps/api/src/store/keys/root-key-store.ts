import type { KeptPurpose } from './retired-mac-key-store.ts'

/** The keys of SECRET_KEY that something in the database is sealed or stored under, by their ids. */
export interface RootKeyStore {
  /** The ids, the one that was first used first. A plain read. */
  used(): Promise<readonly string[]>
  /**
   * Records that something is written under the key `id`, where every key in use is among `listed`; else returns false
   * and changes nothing. A key that is recorded already stays as it is. Of two callers whose keys do not list each other,
   * one gets false.
   */
  claim(claim: {
    readonly id: string
    readonly listed: readonly string[]
    readonly now: number
  }): Promise<boolean>
  /** Records that something is written under the key `id`, whatever else is in use. Callers that race record it once. */
  record(id: string, now: number): Promise<void>
  /**
   * Records that everything is under the key `id`, and retires the others, in one transaction: stores those of `macKeys`
   * whose root key is in use and is another one, in place of earlier ones, with the time `now`; sets the end of the
   * signing keys of these root keys, where they have none; removes every other record. Of callers that race the last one
   * counts.
   */
  claimAlone(claim: {
    readonly id: string
    readonly macKeys: readonly RetirableMacKey[]
    readonly now: number
  }): Promise<void>
}

/** A key for MACs, sealed, of a root key that may be removed from SECRET_KEY. */
export interface RetirableMacKey {
  readonly rootId: string
  readonly purpose: KeptPurpose
  readonly sealedKey: string
}
