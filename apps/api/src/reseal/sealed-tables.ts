import { type Database, leaveChain } from '../store/sqlite/index.ts'
import { createAuditKeySealer } from '../tokens/audit-key-sealer.ts'
import type { PhoneSealer } from '../tokens/phone-sealer.ts'
import { type KeptPurpose, resealMacKey } from '../tokens/retired-keys.ts'
import type { RootKey } from '../tokens/root-key.ts'
import { createSessionKeyVault } from '../tokens/session-key-vault.ts'

type Value = string | number | null
type Row = Readonly<Record<string, Value>> & { readonly position: string | number }

/** A table with sealed columns. */
export interface SealedTable {
  readonly name: string
  /** Rows in the order of their position, beginning after it; null: from the first one. */
  page(after: Row['position'] | null, limit: number): readonly Row[]
  /**
   * The columns of a row under the first key; null when they are already.
   *
   * @throws when they cannot be opened
   */
  reseal(row: Row): Readonly<Record<string, Value>> | null
  /** Writes the columns where they are still as they were read. Call it inside a transaction. */
  update(row: Row, columns: Readonly<Record<string, Value>>): boolean
  /** Empties sealed columns that cannot be opened, or deletes the row. Call it inside a transaction. */
  discard(row: Row): boolean
}

interface TableDescription<R> {
  readonly name: string
  /** SQL of the row's place in its table. Default: its row id. */
  readonly position?: string
  /** SQL of the columns that are read, by the name under which `reseal` gets them. */
  readonly columns: Readonly<Record<keyof R, string>>
  /** SQL of which rows have sealed columns. Default: all. */
  readonly having?: string
  /** SQL of the new values, from the parameters that `reseal` returns. */
  readonly set: string
  reseal(row: R): Record<string, Value> | null
  /** SQL that empties the columns, from the parameters of `empty`. Without it the row is deleted. */
  readonly setEmpty?: string
  readonly empty?: (row: R) => Record<string, Value>
}

/**
 * Every table with sealed columns. The order matters: data moves from one table to a later one (a ticket's key to an
 * identity, a number of a user to a merge, a drafted second factor to an enrolled one), so what moves while the tables
 * are rewritten was rewritten before it moved, or is after it. What moves back (an unbinding gives an identity's key to
 * its tickets) is found by the next pass.
 */
export function listSealedTables(database: Database, root: RootKey): readonly SealedTable[] {
  const { phones, sqlite } = database
  const listed = root.ids.map((id) => `'${id}'`).join(', ')
  const sealed = (column: string) => ({ sealed: column })
  return [
    ...listSessionKeyTables(sqlite, root),
    ...listPhoneTables(sqlite, root, phones),
    ...(['operator_sessions', 'operator_factors'] as const).map((name) => {
      const column = name === 'operator_factors' ? 'sealed_secret' : 'pending_secret'
      return prepareTable<{ sealed: string; userId: string }>(sqlite, {
        name,
        columns: { sealed: column, userId: 'user_id' },
        having: `${column} is not null`,
        set: `${column} = :sealed`,
        reseal: (row) => resealText(root, 'second factor', row),
      })
    }),
    prepareTable<{ sealed: string }>(sqlite, {
      name: 'signing_keys',
      columns: sealed('sealed_private_jwk'),
      // One of a key that is not listed verifies nothing any more, unless it was retired and sealed again.
      having: `retired_at is not null or root_id in (${listed})`,
      set: 'sealed_private_jwk = :sealed',
      reseal: (row) => resealText(root, 'signing key', { ...row, userId: '' }),
    }),
    listAuditChain(database, root),
    prepareTable<{ sealed: string; rootId: string; purpose: KeptPurpose }>(sqlite, {
      name: 'retired_mac_keys',
      columns: { sealed: 'sealed_key', rootId: 'root_id', purpose: 'purpose' },
      set: 'sealed_key = :sealed',
      reseal: (row) => (root.isCurrent(row.sealed) ? null : { sealed: resealMacKey(root, row) }),
    }),
  ]
}

const resealText = (
  root: RootKey,
  purpose: 'second factor' | 'signing key' | 'audit key',
  { sealed, userId }: { sealed: string; userId: string },
) =>
  root.isCurrent(sealed)
    ? null
    : { sealed: root.seal(purpose, root.open(purpose, sealed, userId), userId) }

function listAuditChain(database: Database, root: RootKey): SealedTable {
  const { sqlite } = database
  const table = prepareTable<{ sealed: string }>(sqlite, {
    name: 'audit_chain',
    columns: { sealed: 'sealed_key' },
    set: 'sealed_key = :sealed',
    reseal: (row) => resealText(root, 'audit key', { ...row, userId: '' }),
  })
  // Without its key no line verifies. The next start begins a new chain after them.
  const forget = ['audit_events', 'audit_subjects'].map((name) =>
    sqlite.prepare(`update ${name} set mac = null`),
  )
  return {
    ...table,
    discard: (row) => {
      const isDiscarded = table.discard(row)
      if (isDiscarded) {
        for (const statement of forget) statement.run()
        leaveChain(database, createAuditKeySealer(root))
      }
      return isDiscarded
    },
  }
}

function listSessionKeyTables(sqlite: Database['sqlite'], root: RootKey): SealedTable[] {
  const vault = createSessionKeyVault(root)
  interface KeyRow {
    readonly sealed: string
    readonly previous: string | null
    readonly appId: string
    readonly openid: string
  }
  const reseal = ({ sealed, previous, ...owner }: KeyRow) => {
    if (root.isCurrent(sealed) && (previous === null || root.isCurrent(previous))) return null
    const key = vault.seal(owner, vault.open(owner, sealed))
    const { sealed: resealed, fingerprint } = key
    const resealedPrevious =
      previous === null ? null : vault.seal(owner, vault.open(owner, previous)).sealed
    return { sealed: resealed, fingerprint, previous: resealedPrevious }
  }
  const owner = { appId: 'app_id', openid: 'openid' }
  const set = 'sealed_key = :sealed, key_fingerprint = :fingerprint'
  return [
    prepareTable<KeyRow>(sqlite, {
      name: 'tickets',
      columns: { sealed: 'sealed_key', previous: 'null', ...owner },
      set,
      reseal,
    }),
    prepareTable<KeyRow>(sqlite, {
      name: 'identities',
      columns: { sealed: 'sealed_key', previous: 'previous_key', ...owner },
      set: `${set}, previous_key = :previous`,
      reseal,
      // An empty key verifies nothing. The next sign-in brings a new one.
      setEmpty: `${set}, previous_key = null`,
      empty: (row) => {
        const { sealed, fingerprint } = vault.seal(row, '')
        return { sealed, fingerprint }
      },
    }),
  ]
}

function listPhoneTables(
  sqlite: Database['sqlite'],
  root: RootKey,
  phones: PhoneSealer,
): SealedTable[] {
  interface PhoneRow {
    readonly sealed: string
    readonly phoneKey: string | null
    readonly userId: string
  }
  const reseal = ({ sealed, phoneKey, userId }: PhoneRow) => {
    const phone = phones.open(userId, sealed)
    const key = phones.key(phone)
    if (root.isCurrent(sealed) && phoneKey === key) return null
    return { sealed: phones.seal(userId, phone), phoneKey: key }
  }
  return [
    prepareTable<PhoneRow>(sqlite, {
      name: 'users',
      position: 'id',
      columns: { sealed: 'sealed_phone', phoneKey: 'phone_key', userId: 'id' },
      having: 'sealed_phone is not null',
      set: 'sealed_phone = :sealed, phone_key = :phoneKey',
      reseal,
      setEmpty: 'phone = null, phone_key = null, sealed_phone = null, phone_proven_at = null',
    }),
    prepareTable<PhoneRow>(sqlite, {
      name: 'merges',
      columns: {
        sealed: "json_extract(moved, '$.sealedPhone')",
        phoneKey: "json_extract(moved, '$.phoneKey')",
        userId: 'gone_user_id',
      },
      having: "json_extract(moved, '$.sealedPhone') is not null",
      set: "moved = json_set(moved, '$.sealedPhone', :sealed, '$.phoneKey', :phoneKey)",
      reseal,
      setEmpty: `moved = json_set(moved, '$.phone', null, '$.phoneKey', null, '$.sealedPhone', null,
        '$.phoneProvenAt', null)`,
    }),
  ]
}

function prepareTable<R extends { [K in keyof R]: Value }>(
  sqlite: Database['sqlite'],
  description: TableDescription<R>,
): SealedTable {
  const { name, position = 'rowid', columns, having = 'true', set, setEmpty, empty } = description
  const entries = Object.entries<string>(columns)
  const selected = entries.map(([as, column]) => `${column} as ${as}`).join(', ')
  const unchanged = entries.map(([as, column]) => `${column} is :old_${as}`).join(' and ')
  const select = (condition: string) =>
    sqlite.prepare<unknown[], Row>(
      `select ${position} as position, ${selected} from ${name}
       where (${having}) and ${condition} order by ${position} limit :limit`,
    )
  const first = select('true')
  const next = select(`${position} > :after`)
  const isUnchanged = `where ${position} = :position and ${unchanged}`
  const write = sqlite.prepare(`update ${name} set ${set} ${isUnchanged}`)
  const drop = sqlite.prepare(
    setEmpty === undefined
      ? `delete from ${name} ${isUnchanged}`
      : `update ${name} set ${setEmpty} ${isUnchanged}`,
  )
  const run = (statement: typeof write, { position: at, ...row }: Row, values = {}): boolean => {
    const old = Object.entries(row).map(([as, value]) => [`old_${as}`, value])
    return statement.run({ ...values, position: at, ...Object.fromEntries(old) }).changes === 1
  }
  return {
    name,
    page: (after, limit) => (after === null ? first.all({ limit }) : next.all({ after, limit })),
    reseal: ({ position: _, ...row }) => description.reseal(row as unknown as R),
    update: (row, changed) => run(write, row, changed),
    discard: (row) => run(drop, row, empty?.(row as unknown as R)),
  }
}
