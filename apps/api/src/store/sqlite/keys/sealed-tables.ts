import type { SealedTable } from '../../keys/sealed-row-store.ts'

/** The SQL of a table with sealed columns. */
export interface SealedTableSql {
  /** The row's place in its table. Default: its row id. */
  readonly position?: string
  /** The columns that are read, by the name that the port gives them. */
  readonly columns: Readonly<Record<string, string>>
  /** Which rows have sealed columns. Default: all. */
  readonly having?: string
  /** The new values, from parameters with the names of the port. */
  readonly set: string
  /** Empties the columns. Without it the row is deleted. */
  readonly setEmpty?: string
}

const owner = { appId: 'app_id', openid: 'openid' }
const setKey = 'sealed_key = :sealed, key_fingerprint = :fingerprint'

const textOfUser = (column: string): SealedTableSql => ({
  columns: { sealed: column, userId: 'user_id' },
  having: `${column} is not null`,
  set: `${column} = :sealed`,
})

const textOfService = (column: string): SealedTableSql => ({
  columns: { sealed: column, userId: "''" },
  set: `${column} = :sealed`,
})

export const sealedTables: Readonly<Record<SealedTable, SealedTableSql>> = {
  tickets: {
    columns: { sealed: 'sealed_key', previous: 'null', fingerprint: 'key_fingerprint', ...owner },
    set: setKey,
  },
  identities: {
    columns: {
      sealed: 'sealed_key',
      previous: 'previous_key',
      fingerprint: 'key_fingerprint',
      ...owner,
    },
    // An imported identity has no session key until it signs in.
    having: 'sealed_key is not null',
    set: `${setKey}, previous_key = :previous`,
  },
  users: {
    position: 'id',
    columns: { sealed: 'sealed_phone', phoneKey: 'phone_key', userId: 'id' },
    having: 'sealed_phone is not null',
    set: 'sealed_phone = :sealed, phone_key = :phoneKey',
    setEmpty: 'phone = null, phone_key = null, sealed_phone = null, phone_proven_at = null',
  },
  merges: {
    columns: {
      sealed: "json_extract(moved, '$.sealedPhone')",
      phoneKey: "json_extract(moved, '$.phoneKey')",
      userId: 'gone_user_id',
    },
    having: "json_extract(moved, '$.sealedPhone') is not null",
    set: "moved = json_set(moved, '$.sealedPhone', :sealed, '$.phoneKey', :phoneKey)",
    setEmpty: `moved = json_set(moved, '$.phone', null, '$.phoneKey', null, '$.sealedPhone', null,
        '$.phoneProvenAt', null)`,
  },
  operator_sessions: textOfUser('pending_secret'),
  operator_factors: textOfUser('sealed_secret'),
  signing_keys: {
    ...textOfService('sealed_private_jwk'),
    // One of a key that is not listed verifies nothing any more, unless it was retired and sealed again.
    having: 'retired_at is not null or root_id in (select value from json_each(:listed))',
  },
  audit_chain: textOfService('sealed_key'),
  webhooks: {
    columns: { sealed: 'sealed_secret', previous: 'previous_secret', webhookId: 'id' },
    set: 'sealed_secret = :sealed, previous_secret = :previous',
  },
  retired_mac_keys: {
    columns: { sealed: 'sealed_key', rootId: 'root_id', purpose: 'purpose' },
    set: 'sealed_key = :sealed',
  },
}
