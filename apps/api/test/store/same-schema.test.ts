import { getTableColumns, getTableName } from 'drizzle-orm'
import { getTableConfig as getPostgresConfig, PgTable } from 'drizzle-orm/pg-core'
import { getTableConfig as getSqliteConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { expect, it } from 'vitest'
import * as postgresAdmin from '../../src/store/postgres/admin/schema.ts'
import * as postgresAudit from '../../src/store/postgres/audit/schema.ts'
import * as postgresTables from '../../src/store/postgres/schema.ts'
import * as postgresServiceKeys from '../../src/store/postgres/service-keys/schema.ts'
import * as postgresWebhooks from '../../src/store/postgres/webhooks/schema.ts'
import * as sqliteAdmin from '../../src/store/sqlite/admin/schema.ts'
import * as sqliteAudit from '../../src/store/sqlite/audit/schema.ts'
import * as sqliteTables from '../../src/store/sqlite/schema.ts'
import * as sqliteServiceKeys from '../../src/store/sqlite/service-keys/schema.ts'
import * as sqliteWebhooks from '../../src/store/sqlite/webhooks/schema.ts'

/** What only PostgreSQL has, with the reason. */
const postgresOnly: Readonly<Record<string, string>> = {
  codes: 'any node may get a login code; one process remembers them in memory',
  locks: 'names that serialise transactions; SQLite has one writer',
  audit_removed_subjects: 'nodes share what one process remembers in memory',
  'daily_counts.part': 'nodes that count at the same time must not wait for one another',
  'wechat_counts.part': 'nodes that count at the same time must not wait for one another',
}

interface Table {
  /** `name`, or `name not null`. */
  readonly columns: readonly string[]
  /** The columns of each unique index and of the primary key. */
  readonly unique: readonly string[]
}

const isTable = (value: unknown): value is SQLiteTable | PgTable =>
  value instanceof SQLiteTable || value instanceof PgTable

function describeTable(table: SQLiteTable | PgTable): Table {
  const columns = Object.values(getTableColumns(table as PgTable))
  const { indexes, primaryKeys, uniqueConstraints } =
    table instanceof PgTable ? getPostgresConfig(table) : getSqliteConfig(table)
  const namesOf = (list: readonly unknown[]): string =>
    list.map((column) => (column as { name: string }).name).join(', ')
  const single = columns.filter(({ primary, isUnique }) => primary || isUnique)
  return {
    columns: columns.map(({ name, notNull }) => (notNull ? `${name} not null` : name)).sort(),
    unique: [
      ...single.map(({ name }) => name),
      ...primaryKeys.map((key) => namesOf(key.columns)),
      ...uniqueConstraints.map((constraint) => namesOf(constraint.columns)),
      ...indexes.filter(({ config }) => config.unique).map(({ config }) => namesOf(config.columns)),
    ].sort(),
  }
}

const tablesOf = (...schemas: readonly object[]): Map<string, Table> =>
  new Map(
    schemas
      .flatMap((schema): unknown[] => Object.values(schema))
      .filter(isTable)
      .map((table) => [getTableName(table), describeTable(table)]),
  )

const sqlite = tablesOf(sqliteTables, sqliteAdmin, sqliteAudit, sqliteServiceKeys, sqliteWebhooks)
const postgres = tablesOf(
  postgresTables,
  postgresAdmin,
  postgresAudit,
  postgresServiceKeys,
  postgresWebhooks,
)

/** The PostgreSQL table without what only it has. */
function withoutOwn(name: string, { columns, unique }: Table): Table {
  const own = Object.keys(postgresOnly).filter((key) => key.startsWith(`${name}.`))
  const names = own.map((key) => key.slice(name.length + 1))
  return {
    columns: columns.filter((column) => !names.includes(column.replace(' not null', ''))),
    unique: unique.map((key) =>
      key
        .split(', ')
        .filter((column) => !names.includes(column))
        .join(', '),
    ),
  }
}

it('both stores have the same tables, columns and unique indexes, except for what is listed', () => {
  expect(sqlite.size).toBeGreaterThan(20)
  const shared = [...postgres].filter(([name]) => !(name in postgresOnly))
  const compared = new Map(shared.map(([name, table]) => [name, withoutOwn(name, table)]))
  expect(Object.fromEntries(compared)).toEqual(Object.fromEntries(sqlite))
})

it('everything that is listed exists, and in PostgreSQL only', () => {
  for (const key of Object.keys(postgresOnly)) {
    const [table = '', column] = key.split('.')
    const isIn = (tables: Map<string, Table>): boolean =>
      tables.has(table) &&
      (column === undefined ||
        (tables.get(table)?.columns ?? []).some((each) => each.split(' ')[0] === column))
    expect([key, isIn(postgres), isIn(sqlite)]).toEqual([key, true, false])
  }
})
