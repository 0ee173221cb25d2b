import { readdirSync } from 'node:fs'
import type Sqlite from 'better-sqlite3'
import { getTableColumns, getTableName } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { expect, it } from 'vitest'
import * as adminTables from '../../src/store/sqlite/admin/schema.ts'
import * as auditTables from '../../src/store/sqlite/audit/schema.ts'
import { openDatabase } from '../../src/store/sqlite/index.ts'
import * as tables from '../../src/store/sqlite/schema.ts'
import * as serviceKeyTables from '../../src/store/sqlite/service-keys/schema.ts'
import * as webhookTables from '../../src/store/sqlite/webhooks/schema.ts'
import { earlier, migrations, phones } from './earlier-migrations.ts'
import { expectedSchema } from './expected-schema.ts'

interface Column {
  name: string
  type: string
  required: number
  fallback: string | null
  pk: number
}
interface ForeignKey {
  from: string
  table: string
  to: string
  on_delete: string
}

/** The schema as `expected-schema.ts` has it. */
function describeDatabase(sqlite: Sqlite.Database): string {
  const all = <Row>(sql: string, name: string) => sqlite.prepare<[string], Row>(sql).all(name)
  const columnsOf = (table: string): string =>
    all<Column>(
      'select name, type, "notnull" as required, dflt_value as fallback, pk from pragma_table_info(?)',
      table,
    )
      .map(({ name, type, required, fallback, pk }) =>
        [name, type, ...(required ? ['not null'] : [])]
          .concat(fallback === null ? [] : [`= ${fallback}`])
          .concat(pk ? [`pk${pk}`] : [])
          .join(' '),
      )
      .join(', ')
  const referencesOf = (table: string): string[] =>
    all<ForeignKey>('select * from pragma_foreign_key_list(?)', table).map(
      ({ from, table: other, to, on_delete: onDelete }) =>
        `  ${from} references ${other}.${to}, on delete ${onDelete.toLowerCase()}`,
    )
  const indexesOf = (table: string): string[] =>
    all<{ name: string; isUnique: number }>(
      `select name, "unique" as isUnique from pragma_index_list(?) where origin <> 'pk'`,
      table,
    ).map(({ name, isUnique }) => {
      const keys = all<{ name: string; coll: string; desc: number }>(
        'select name, coll, "desc" from pragma_index_xinfo(?) where key',
        name,
      ).map(
        (key) =>
          `${key.name}${key.desc ? ' desc' : ''}${key.coll.toUpperCase() === 'NOCASE' ? ' nocase' : ''}`,
      )
      const [made] = all<{ sql: string }>('select sql from sqlite_schema where name = ?', name)
      const where = /\bwhere .*/i.exec(made?.sql ?? '')?.[0] ?? ''
      const kind = isUnique ? 'unique ' : ''
      return `  ${kind}${name} (${keys.join(',')}) ${where.replace(/^WHERE/, 'where')}`.trimEnd()
    })
  return sqlite
    .prepare<[], { name: string; wr: number }>(
      `select name, wr from pragma_table_list where schema = 'main' and type = 'table'
       and name not like 'sqlite%' and name <> '__drizzle_migrations' order by name`,
    )
    .all()
    .map(({ name, wr }) => {
      const kind = wr ? ' without rowid' : ''
      const parts = [...referencesOf(name), ...indexesOf(name)].sort()
      return `${[`table ${name}${kind}: ${columnsOf(name)}`, ...parts].join('\n')}\n`
    })
    .join('')
}

function schemaOf(file: string): string {
  const database = openDatabase(file, migrations, phones)
  try {
    return describeDatabase(database.sqlite)
  } finally {
    database.close()
  }
}

const count = readdirSync(migrations).filter((name) => name.endsWith('.sql')).length

it('a new database has every table, foreign key, unique index and look-up index', () => {
  expect(schemaOf(earlier(0).file)).toBe(expectedSchema)
})

it.each(Array.from({ length: count }, (_, index) => index + 1))(
  'a database of the first %i migrations is brought to the same schema',
  (applied) => {
    const { old, file } = earlier(applied)
    openDatabase(file, old, phones).close()
    expect(schemaOf(file)).toBe(expectedSchema)
  },
)

it('the tables that the code names are those of the database, column by column', () => {
  const all = { ...tables, ...adminTables, ...auditTables, ...serviceKeyTables, ...webhookTables }
  const declared = Object.values(all).filter((each) => each instanceof SQLiteTable)
  const named = declared.map((table) => {
    const columns = Object.values(getTableColumns(table)).map(({ name, notNull }) =>
      notNull ? `${name} not null` : name,
    )
    const indexes = getTableConfig(table).indexes.map(({ config }) => config.name)
    return [getTableName(table), columns.sort(), indexes.sort()]
  })
  const found = expectedSchema
    .split(/^table /m)
    .slice(1)
    .map((text) => {
      const [head = '', ...parts] = text.trimEnd().split('\n')
      const [name = '', columns = ''] = head.split(': ')
      const withoutType = columns
        .split(', ')
        .map((column) => column.replace(/^(\w+) \w+(.*)$/, '$1$2').replace(/ (= \S+|pk\d)/g, ''))
      // A unique index of one column is declared with the column, and has a name of its own kind.
      const indexes = parts.flatMap((part) => /^ {2}(?:unique )?(\w+) \(/.exec(part)?.[1] ?? [])
      const listed = indexes.filter((index) => !index.endsWith('_unique'))
      return [name.replace(' without rowid', ''), withoutType.sort(), listed.sort()]
    })
  const byName = (one: unknown[], other: unknown[]) => (String(one[0]) < String(other[0]) ? -1 : 1)
  expect(named.sort(byName)).toEqual(found.sort(byName))
})
