import type { KeptPurpose } from './retired-mac-key-store.ts'

/**
 * The sealed columns of each table, by the table's name. The order matters where all tables are sealed again: data moves
 * from one table to a later one (a ticket's key to an identity, a number of a user to a merge, a drafted second factor to
 * an enrolled one), so what moves meanwhile was sealed again before it moved, or is afterwards.
 */
export interface SealedColumns {
  readonly tickets: SealedSessionKey
  readonly identities: SealedSessionKey
  readonly users: SealedPhone
  /** The number of the user who was merged into another one. */
  readonly merges: SealedPhone
  /** Secrets that were drafted and not enrolled yet. */
  readonly operator_sessions: SealedText
  readonly operator_factors: SealedText
  /** Not those of a key that is neither retired nor listed: they verify nothing. */
  readonly signing_keys: SealedText
  readonly audit_chain: SealedText
  readonly webhooks: SealedWebhookSecrets
  readonly retired_mac_keys: SealedMacKey
}

export type SealedTable = keyof SealedColumns

interface SealedSessionKey {
  readonly sealed: string
  readonly previous: string | null
  readonly fingerprint: string
  readonly appId: string
  readonly openid: string
}

interface SealedPhone {
  readonly sealed: string
  readonly phoneKey: string | null
  readonly userId: string
}

interface SealedText {
  readonly sealed: string
  /** The user whom it belongs to; empty for a key of the service. */
  readonly userId: string
}

interface SealedWebhookSecrets {
  readonly sealed: string
  /** The secret before the last rotation, while it signs too. */
  readonly previous: string | null
  readonly webhookId: string
}

interface SealedMacKey {
  readonly sealed: string
  readonly rootId: string
  readonly purpose: KeptPurpose
}

export interface SealedRow<T extends SealedTable = SealedTable> {
  /** Its place in the table, opaque. */
  readonly position: string | number
  readonly columns: SealedColumns[T]
}

export interface SealedChange<T extends SealedTable = SealedTable> {
  /** As `page` returned it. */
  readonly row: SealedRow<T>
  /**
   * The new values of the sealed columns; null discards what the row has sealed: the row of a ticket, a session, a factor,
   * a webhook or a key is deleted, the number of a user or of a merge is emptied. For an identity new values are needed. Without
   * the row of `audit_chain` no line verifies: the MACs of the lines and pseudonyms are removed with it, and the next
   * start begins a first chain.
   */
  readonly to: Partial<SealedColumns[T]> | null
}

/** Rows with sealed columns, for the command that seals them again while the service runs. */
export interface SealedRowStore {
  /**
   * Rows in the order of their position, beginning after it; null: from the first one. A plain read.
   *
   * @param listed the ids of the keys in SECRET_KEY, for `signing_keys`
   */
  page<T extends SealedTable>(
    table: T,
    range: {
      readonly after: SealedRow['position'] | null
      readonly limit: number
      readonly listed: readonly string[]
    },
  ): Promise<readonly SealedRow<T>[]>
  /**
   * Makes the changes of one table in one transaction, each where the row is still as it was read: what another caller
   * has written meanwhile stays.
   *
   * @returns for each change whether it was made; `taken` where another user has the same phone number
   * @throws Failure `overloaded` when another process holds the database
   */
  replace<T extends SealedTable>(
    table: T,
    changes: readonly SealedChange<T>[],
  ): Promise<readonly ('done' | 'outdated' | 'taken')[]>
  /** Removes what the replaced texts have left outside of the tables, as far as the store can. */
  erase(): Promise<void>
}
