import type { AuditKeySealer } from '../../../tokens/audit-key-sealer.ts'
import type {
  SealedChange,
  SealedColumns,
  SealedRow,
  SealedRowStore,
  SealedTable,
} from '../../store.ts'
import { leaveChain } from '../audit/chain-record.ts'
import type { Postgres, Queries, Transaction } from '../connection/index.ts'
import { type SealedTableDescription, sealedTables } from './sealed-tables.ts'

/**
 * A position is the key of the row as JSON. `erase` does nothing: PostgreSQL keeps the bytes of replaced rows until it
 * vacuums the table, and in its log.
 */
export function createSealedRowStore(
  { reads, writes, transaction }: Pick<Postgres, 'reads' | 'writes' | 'transaction'>,
  auditKeys: AuditKeySealer,
): SealedRowStore {
  return {
    async page<T extends SealedTable>(
      table: T,
      { after, limit, listed }: Parameters<SealedRowStore['page']>[1],
    ) {
      const { text, usesListed } = selectPage(table, after !== null)
      const keys = after === null ? [] : readPosition(after)
      const rows = await reads.all<Record<string, unknown>>(text, [
        ...(usesListed ? [listed] : []),
        ...keys,
        limit,
      ])
      return rows.map(({ position, ...columns }) => ({
        position: JSON.stringify(position),
        columns: columns as unknown as SealedColumns[T],
      }))
    },
    async replace(table, changes) {
      const discardsChain = table === 'audit_chain' && changes.some(({ to }) => to === null)
      if (discardsChain) await forgetMacs(writes)
      return transaction([], async (tx) => {
        const results: ('done' | 'outdated' | 'taken')[] = []
        for (const change of changes) {
          if (await isTaken(tx, table, change)) results.push('taken')
          else results.push((await replaceOne(tx, table, change)) ? 'done' : 'outdated')
        }
        if (discardsChain && results.includes('done')) {
          await forgetMacs(tx)
          await leaveChain(tx, auditKeys)
        }
        return results
      })
    },
    erase: async () => {},
  }
}

type AnyDescription = SealedTableDescription<Record<string, unknown>>

const descriptionOf = (table: SealedTable): AnyDescription =>
  sealedTables[table] as unknown as AnyDescription

const readPosition = (position: SealedRow['position']): (string | number)[] =>
  JSON.parse(String(position))

function selectPage(
  table: SealedTable,
  isNext: boolean,
): { readonly text: string; readonly usesListed: boolean } {
  const { key, columns, having = 'true' } = descriptionOf(table)
  const usesListed = having.includes('$1')
  const first = usesListed ? 2 : 1
  const keyColumns = key.map(([column]) => column).join(', ')
  const values = key.map(([, type], index) => `$${first + index}::${type}`).join(', ')
  const selected = Object.entries(columns).map(([name, sql]) => `${sql} as "${name}"`)
  const after = isNext ? `(${keyColumns}) > (${values})` : 'true'
  return {
    text: `select json_build_array(${keyColumns}) as position, ${selected.join(', ')}
      from ${table} where (${having}) and ${after} order by ${keyColumns}
      limit $${first + (isNext ? key.length : 0)}`,
    usesListed,
  }
}

/** Collects the parameters of a statement. */
function createParameters() {
  const values: unknown[] = []
  return { values, add: (value: unknown): string => `$${values.push(value)}` }
}

/** Changes a row where it is still as it was read. */
async function replaceOne<T extends SealedTable>(
  tx: Transaction,
  table: T,
  { row, to }: SealedChange<T>,
): Promise<boolean> {
  const { key, columns, written, empty } = descriptionOf(table)
  const { values, add } = createParameters()
  const position = readPosition(row.position)
  const where = [
    ...key.map(([column, type], index) => `${column} = ${add(position[index])}::${type}`),
    ...Object.entries(columns).map(
      ([name, sql]) =>
        `${sql} is not distinct from ${add((row.columns as unknown as Record<string, unknown>)[name])}::text`,
    ),
  ].join(' and ')
  if (to === null && empty === undefined)
    return (await tx.run(`delete from ${table} where ${where}`, values)) === 1
  const changed = Object.entries(to ?? {}).filter(([name]) => name in written)
  const set =
    to === null
      ? empty
      : table === 'merges'
        ? `moved = (moved::jsonb || ${add(JSON.stringify(Object.fromEntries(changed.map(([name, value]) => [written[name], value]))))}::jsonb)::text`
        : changed.map(([name, value]) => `${written[name]} = ${add(value)}`).join(', ')
  return (await tx.run(`update ${table} set ${set} where ${where}`, values)) === 1
}

/** Whether another user has the new fingerprint of a number. Of two that race one finds it when it runs again. */
async function isTaken<T extends SealedTable>(
  tx: Transaction,
  table: T,
  { row, to }: SealedChange<T>,
): Promise<boolean> {
  const phoneKey = (to as { phoneKey?: string | null } | null)?.phoneKey ?? null
  if (table !== 'users' || phoneKey === null) return false
  const other = await tx.first('select 1 from users where phone_key = $1 and id <> $2', [
    phoneKey,
    readPosition(row.position)[0],
  ])
  return other !== null
}

/** How many lines lose their MAC at a time: a statement must not take long. */
const forgetSize = 5_000

/**
 * Without the key of the chain no line verifies. The next start begins a first chain after lines without a MAC. Most lose
 * it before the transaction that discards the key, and in it those that were written meanwhile.
 */
async function forgetMacs(queries: Queries): Promise<void> {
  for (const [table, key] of [
    ['audit_events', 'id'],
    ['audit_subjects', 'user_id'],
  ]) {
    const forget = `update ${table} set mac = null where ${key} in (
      select ${key} from ${table} where mac is not null order by ${key} limit ${forgetSize})`
    while ((await queries.run(forget)) === forgetSize);
  }
}
