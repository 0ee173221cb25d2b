import type Sqlite from 'better-sqlite3'
import { is, Param, Placeholder, type Query } from 'drizzle-orm'

type StatementValues = Readonly<Record<string, unknown>>

/** A prepared statement. Values are passed by the names of its placeholders. */
export interface CompiledStatement<Row> {
  /** Returns the number of changed rows. */
  run(values: StatementValues): number
  /** The first row, as a tuple in the order in which the query selects. */
  get(values: StatementValues): Row | undefined
  all(values: StatementValues): Row[]
}

/**
 * Prepares a statement that Drizzle wrote, to run it by better-sqlite3 directly. Running it by Drizzle costs as
 * much again as SQLite itself, so this is for the statements of every call and every sign-in only. Values are
 * passed as SQLite has them, so no column may be one that Drizzle converts.
 */
export function compileStatement<Row = never>(
  sqlite: Sqlite.Database,
  query: { toSQL(): Query },
): CompiledStatement<Row> {
  const { sql, params } = query.toSQL()
  const statement = sqlite.prepare<unknown[], Row>(sql)
  if (statement.reader) statement.raw()
  const slots = params.map(slotOf)
  const fill = (values: StatementValues): unknown[] =>
    slots.map(({ name, constant }) => {
      if (name === null) return constant
      const value = values[name]
      if (value === undefined) throw new Error(`no value for the placeholder ${name}`)
      return value
    })
  return {
    run: (values) => statement.run(...fill(values)).changes,
    get: (values) => statement.get(...fill(values)),
    all: (values) => statement.all(...fill(values)),
  }
}

interface ParameterSlot {
  /** Null when the query itself contains the value. */
  readonly name: string | null
  readonly constant?: unknown
}

function slotOf(param: unknown): ParameterSlot {
  const value = is(param, Param) ? param.value : param
  return is(value, Placeholder) ? { name: value.name } : { name: null, constant: value }
}
