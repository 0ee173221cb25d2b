import { hash } from 'node:crypto'
import type pg from 'pg'
import { asQueryError } from './query-error.ts'

/** Statements with parameters `$1`, `$2`, …. A text must be constant, because it is prepared once for each connection. */
export interface Queries {
  /** The rows as objects by column name. bigint and numeric arrive as numbers. */
  all<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
  first<Row>(text: string, values?: readonly unknown[]): Promise<Row | null>
  /** The number of changed or selected rows. */
  run(text: string, values?: readonly unknown[]): Promise<number>
  /** The rows as arrays in the order of their columns, which costs less than objects. For the statements of every call. */
  arrays<Row extends readonly unknown[]>(text: string, values?: readonly unknown[]): Promise<Row[]>
}

/**
 * An array parameter whose length the planner does not see. It would plan a statement again for each length, which costs
 * more than running it, because for a short array that looks cheaper than the plan for all lengths.
 *
 * @param parameter for example `$1::text[]`
 */
export const arrayParameter = (parameter: string): string =>
  `(select ${parameter})::${parameter.split('::')[1]}`

const plannedTexts = new Set<string>()

/**
 * A statement that is planned each time that it runs, which costs up to half a millisecond. A prepared one may keep a plan that was
 * made while a table was empty until the table is analysed, and read all of it meanwhile; so this is for tables that are
 * empty at most times, and large after a burst.
 *
 * @param text constant
 */
export function plannedEachTime(text: string): string {
  plannedTexts.add(text)
  return text
}

/** Runs one statement. @throws QueryError */
export type RunStatement = (statement: {
  readonly text: string
  readonly values: readonly unknown[]
  readonly rowMode?: 'array'
}) => Promise<pg.QueryResult>

export function createQueries(run: RunStatement): Queries {
  const all = async <Row>(text: string, values: readonly unknown[] = []) =>
    (await run({ text, values })).rows as Row[]
  return {
    all,
    first: async <Row>(text: string, values?: readonly unknown[]) =>
      (await all<Row>(text, values))[0] ?? null,
    run: async (text, values = []) => (await run({ text, values })).rowCount ?? 0,
    arrays: async <Row extends readonly unknown[]>(text: string, values: readonly unknown[] = []) =>
      (await run({ text, values, rowMode: 'array' })).rows as Row[],
  }
}

/** How statements are sent. */
export interface StatementNames {
  /** Statements are prepared by name until this is called; then for the rest of the process they are not. */
  forget(): void
  of(text: string): string | undefined
}

/**
 * The name is a hash of the text. Behind a pooler a connection may be given to another process, which must not run its own
 * text under a name of this one.
 */
export function createStatementNames(): StatementNames {
  const names = new Map<string, string>()
  let isNamed = true
  return {
    forget: () => {
      isNamed = false
    },
    of(text) {
      if (!isNamed || plannedTexts.has(text)) return undefined
      const known = names.get(text)
      if (known !== undefined) return known
      const name = hash('sha256', text, 'base64url').slice(0, 22)
      names.set(text, name)
      return name
    },
  }
}

export function runOn(client: pg.ClientBase, names: StatementNames): RunStatement {
  return async ({ text, values, rowMode }) => {
    const name = names.of(text)
    try {
      return await client.query({
        text,
        values: values as unknown[],
        ...(name === undefined ? {} : { name }),
        ...(rowMode === undefined ? {} : { rowMode }),
      } as pg.QueryConfig)
    } catch (error) {
      throw asQueryError(error)
    }
  }
}
