import type { SealedColumns, SealedTable } from '../../store.ts'

/** How a table has its sealed columns. */
export interface SealedTableDescription<Columns> {
  /** The columns of the primary key, which is the position of a row, with their types. */
  readonly key: readonly (readonly [column: string, type: 'text' | 'bigint'])[]
  /** SQL of each column that is read. */
  readonly columns: { readonly [Name in keyof Columns]: string }
  /** The columns that are written, by the names under which they are read. */
  readonly written: { readonly [Name in keyof Columns]?: string }
  /** Which rows have sealed columns; `$1` are the listed keys of SECRET_KEY. Default: all. */
  readonly having?: string
  /** SQL that empties the columns. Without it the row is deleted. */
  readonly empty?: string
}

const sessionKey = {
  columns: { fingerprint: 'key_fingerprint', appId: 'app_id', openid: 'openid' },
  written: { sealed: 'sealed_key', fingerprint: 'key_fingerprint' },
}

const text = (sealed: string) => ({
  columns: { sealed, userId: 'user_id' },
  written: { sealed },
  having: `${sealed} is not null`,
})

const movedText = (name: string): string => `moved::jsonb ->> '${name}'`

/** By the names of the tables. */
export const sealedTables: {
  readonly [T in SealedTable]: SealedTableDescription<SealedColumns[T]>
} = {
  tickets: {
    key: [['issue_order', 'bigint']],
    columns: { ...sessionKey.columns, sealed: 'sealed_key', previous: 'null::text' },
    written: sessionKey.written,
  },
  identities: {
    key: [
      ['app_id', 'text'],
      ['openid', 'text'],
    ],
    columns: { ...sessionKey.columns, sealed: 'sealed_key', previous: 'previous_key' },
    written: { ...sessionKey.written, previous: 'previous_key' },
    // An imported identity has no session key until it signs in.
    having: 'sealed_key is not null',
  },
  users: {
    key: [['id', 'text']],
    columns: { sealed: 'sealed_phone', phoneKey: 'phone_key', userId: 'id' },
    written: { sealed: 'sealed_phone', phoneKey: 'phone_key' },
    having: 'sealed_phone is not null',
    empty: 'phone = null, phone_key = null, sealed_phone = null, phone_proven_at = null',
  },
  merges: {
    key: [['id', 'text']],
    columns: {
      sealed: movedText('sealedPhone'),
      phoneKey: movedText('phoneKey'),
      userId: 'gone_user_id',
    },
    written: { sealed: 'sealedPhone', phoneKey: 'phoneKey' },
    having: `${movedText('sealedPhone')} is not null`,
    empty: `moved = (moved::jsonb || '{"phone":null,"phoneKey":null,"sealedPhone":null,"phoneProvenAt":null}')::text`,
  },
  operator_sessions: { key: [['hash', 'text']], ...text('pending_secret') },
  operator_factors: { key: [['user_id', 'text']], ...text('sealed_secret') },
  signing_keys: {
    key: [['kid', 'text']],
    columns: { sealed: 'sealed_private_jwk', userId: `''` },
    written: { sealed: 'sealed_private_jwk' },
    // One of a key that is not listed verifies nothing any more, unless it was retired and sealed again.
    having: 'retired_at is not null or root_id = any ($1::text[])',
  },
  audit_chain: {
    key: [['id', 'bigint']],
    columns: { sealed: 'sealed_key', userId: `''` },
    written: { sealed: 'sealed_key' },
  },
  webhooks: {
    key: [['id', 'text']],
    columns: { sealed: 'sealed_secret', previous: 'previous_secret', webhookId: 'id' },
    written: { sealed: 'sealed_secret', previous: 'previous_secret' },
  },
  retired_mac_keys: {
    key: [
      ['root_id', 'text'],
      ['purpose', 'text'],
    ],
    columns: { sealed: 'sealed_key', rootId: 'root_id', purpose: 'purpose' },
    written: { sealed: 'sealed_key' },
  },
}
