import type { Database } from '../database.ts'

/** Statements whose text depends on which filters are set: each text is prepared when it first comes. */
export function createStatementCache({ sqlite }: Pick<Database, 'sqlite'>) {
  const prepare = (text: string) => sqlite.prepare<[Record<string, unknown>]>(text)
  const known = new Map<string, ReturnType<typeof prepare>>()
  const statementOf = (text: string) => {
    const statement = known.get(text) ?? prepare(text)
    known.set(text, statement)
    return statement
  }
  return {
    all: <Row>(text: string, values: Record<string, unknown>): Row[] =>
      statementOf(text).all(values) as Row[],
    get: <Row>(text: string, values: Record<string, unknown>): Row | undefined =>
      statementOf(text).get(values) as Row | undefined,
  }
}
