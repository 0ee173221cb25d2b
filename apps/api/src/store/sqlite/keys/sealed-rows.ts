import Sqlite from 'better-sqlite3'
import type { AuditKeySealer } from '../../../tokens/audit-key-sealer.ts'
import type {
  SealedChange,
  SealedRow,
  SealedRowStore,
  SealedTable,
} from '../../keys/sealed-row-store.ts'
import { leaveChain } from '../audit/chain-record.ts'
import type { Database } from '../database.ts'
import { type SealedTableSql, sealedTables } from './sealed-tables.ts'

type Value = string | number | null
type Values = Readonly<Record<string, Value>>

/** @param sealer seals what lets the next start begin a first chain of the audit log, where its key is discarded */
export function createSealedRowStore(database: Database, sealer: AuditKeySealer): SealedRowStore {
  const { sqlite, write, checkpoints } = database
  const tables = new Map<SealedTable, ReturnType<typeof prepareTable>>()
  const tableOf = (name: SealedTable) => {
    const table = tables.get(name) ?? prepareTable(sqlite, name, sealedTables[name])
    tables.set(name, table)
    return table
  }
  const discard = (name: SealedTable, row: SealedRow): boolean => {
    const isDiscarded = tableOf(name).discard(row)
    if (isDiscarded && name === 'audit_chain') {
      // Without its key no line verifies. The next start begins a new chain after them.
      for (const table of ['audit_events', 'audit_subjects'])
        sqlite.prepare(`update ${table} set mac = null`).run()
      leaveChain(database, sealer)
    }
    return isDiscarded
  }
  const change = (name: SealedTable, { row, to }: SealedChange): boolean =>
    to === null ? discard(name, row) : tableOf(name).update(row, to as Values)
  return {
    page: async (name, range) => tableOf(name).page(range) as never,
    replace: (name, changes) =>
      write(() =>
        changes.map((each) => {
          try {
            return change(name, each as SealedChange) ? 'done' : 'outdated'
          } catch (error) {
            if (isTaken(error)) return 'taken'
            throw error
          }
        }),
      ),
    async erase() {
      // Overwritten texts are still in the write-ahead log.
      await checkpoints.truncate()
      await checkpoints.idle()
    },
  }
}

const isTaken = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError && error.code === 'SQLITE_CONSTRAINT_UNIQUE'

/** The statements on one table. Call those that write inside a transaction. */
function prepareTable(
  sqlite: Database['sqlite'],
  name: SealedTable,
  { position = 'rowid', columns, having = 'true', set, setEmpty }: SealedTableSql,
) {
  const entries = Object.entries(columns)
  const selected = entries.map(([as, column]) => `${column} as ${as}`).join(', ')
  const unchanged = entries.map(([as, column]) => `${column} is :old_${as}`).join(' and ')
  const select = (condition: string) =>
    sqlite.prepare<unknown[], Values & { readonly position: string | number }>(
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
  const usesListed = having.includes(':listed')
  const run = (statement: typeof write, row: SealedRow, values: Values = {}): boolean => {
    const old = Object.entries(row.columns).map(([as, value]) => [`old_${as}`, value])
    const { position } = row
    return statement.run({ ...values, position, ...Object.fromEntries(old) }).changes === 1
  }
  return {
    page: ({ after, limit, listed }: Parameters<SealedRowStore['page']>[1]) => {
      const values = usesListed ? { limit, listed: JSON.stringify(listed) } : { limit }
      const rows = after === null ? first.all(values) : next.all({ ...values, after })
      return rows.map(({ position: at, ...row }) => ({ position: at, columns: row }))
    },
    update: (row: SealedRow, values: Values): boolean => run(write, row, values),
    discard: (row: SealedRow): boolean => run(drop, row),
  }
}
