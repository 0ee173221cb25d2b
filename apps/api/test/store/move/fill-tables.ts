import type Sqlite from 'better-sqlite3'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as admin from '../../../src/store/sqlite/admin/schema.ts'
import * as audit from '../../../src/store/sqlite/audit/schema.ts'
import * as main from '../../../src/store/sqlite/schema.ts'
import * as serviceKeys from '../../../src/store/sqlite/service-keys/schema.ts'
import * as webhooks from '../../../src/store/sqlite/webhooks/schema.ts'

/** Every table of the SQLite schema, so also one that is added later. */
export const tables = [main, admin, audit, serviceKeys, webhooks]
  .flatMap((schema): unknown[] => Object.values(schema))
  .filter((value): value is SQLiteTable => value instanceof SQLiteTable)
  .map((table) => getTableConfig(table))
  // Filled by triggers of the target.
  .filter(({ name }) => name !== 'nickname_suffixes' && name !== 'nickname_fill')

/** Names whose order differs between bytes, UTF-16 and the rules of a language, and that JSON must escape. */
const names = ['Z', 'a', 'é', '\u{fffd}', '😀', `"}\\',\n\t\u001f{`]

/** The value of a column in the nth row, unlike that of any other row. A reference has the value that it refers to. */
function makeValue(type: string, column: string, index: number): string | number | Buffer {
  if (column === 'is_read') return index % 2
  if (type === 'integer') return index === 0 ? Number.MAX_SAFE_INTEGER - 1 : index
  if (type === 'blob') return Buffer.from([0, 255, index, 92])
  return `${names[index]} ${column}`
}

/** Fills every table with a row for each name. The last row has null wherever it may. */
export function fillTables(sqlite: Sqlite.Database): void {
  sqlite.pragma('foreign_keys = OFF')
  for (const { name, columns, foreignKeys } of tables) {
    const referred = new Map(
      foreignKeys.map((key) => {
        const { columns: from, foreignColumns } = key.reference()
        return [from[0]?.name, foreignColumns[0]?.name ?? ''] as const
      }),
    )
    const insert = sqlite.prepare(
      `insert into "${name}" (${columns.map((column) => `"${column.name}"`).join(', ')})
       values (${columns.map(() => '?').join(', ')})`,
    )
    for (let index = 0; index < names.length; index++) {
      const isLast = index === names.length - 1
      insert.run(
        columns.map((column) => {
          if (isLast && !column.notNull && !column.primary) return null
          return makeValue(column.getSQLType(), referred.get(column.name) ?? column.name, index)
        }),
      )
    }
  }
  sqlite.exec(`
    update users set merged_into = null;
    update users set merged_into = '😀 id' where id = 'a id';
    update users set merged_into = 'é id' where id = '😀 id'`)
  sqlite.pragma('foreign_keys = ON')
  const broken = sqlite.pragma('foreign_key_check') as unknown[]
  if (broken.length > 0) throw new Error(`rows refer to nothing: ${JSON.stringify(broken)}`)
}
