import type Sqlite from 'better-sqlite3'
import { is, Param, Placeholder, type Query } from 'drizzle-orm'

type Values = Readonly<Record<string, unknown>>

/** A statement that is prepared; values go in by the names of its placeholders. */
export interface Compiled<Row> {
  /** Answers how many rows it changed. */
  run(values: Values): number
  /** The first row, as a tuple in the order in which the query selects. */
  get(values: Values): Row | undefined
  all(values: Values): Row[]
}

/**
 * Drizzle writes a statement and better-sqlite3 runs it. Going through Drizzle each time costs as much again as
 * SQLite does: for what every call or sign-in runs, and nothing else. Values go in and come out as SQLite has them,
 * so no column may be one that Drizzle would convert.
 */
export function compile<Row = never>(
  sqlite: Sqlite.Database,
  query: { toSQL(): Query },
): Compiled<Row> {
  const { sql, params } = query.toSQL()
  const statement = sqlite.prepare<unknown[], Row>(sql)
  if (statement.reader) statement.raw()
  const slots = params.map(slotOf)
  const fill = (values: Values): unknown[] =>
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

interface Slot {
  /** Null where the query itself holds the value. */
  readonly name: string | null
  readonly constant?: unknown
}

function slotOf(param: unknown): Slot {
  const value = is(param, Param) ? param.value : param
  return is(value, Placeholder) ? { name: value.name } : { name: null, constant: value }
}
