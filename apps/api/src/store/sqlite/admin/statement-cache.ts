import type { Database } from '../database.ts'

/** Caches prepared statements by their SQL text, for statements whose text depends on the filters. */
export function createStatementCache({ sqlite }: Pick<Database, 'sqlite'>) {
  const prepare = (text: string) => sqlite.prepare<[Record<string, unknown>]>(text)
  const statements = new Map<string, ReturnType<typeof prepare>>()
  const statementOf = (text: string) => {
    const statement = statements.get(text) ?? prepare(text)
    statements.set(text, statement)
    return statement
  }
  return {
    all: <Row>(text: string, values: Record<string, unknown>): Row[] =>
      statementOf(text).all(values) as Row[],
    get: <Row>(text: string, values: Record<string, unknown>): Row | undefined =>
      statementOf(text).get(values) as Row | undefined,
  }
}
