/**
 * What an error of the database means for the verb.
 *
 * - `again`: nothing was written, and the whole verb may run again.
 * - `unnamed`: a pooler between here and the server keeps no prepared statements.
 * - `lost`: the connection is of no use any more, and a commit may have been lost or not.
 * - `read_only`: this server is not the primary, so no connection to it is of use.
 * - `busy`: the server refused this statement because of its load or of a lock. The connection is fine.
 * - `fault`: an error of the program or of the values.
 */
export type QueryErrorKind = 'again' | 'unnamed' | 'lost' | 'read_only' | 'busy' | 'fault'

/** SQLSTATE codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const kinds: Readonly<Record<string, QueryErrorKind>> = {
  // A unique key that another transaction inserted meanwhile: the verb finds the row when it runs again.
  '23505': 'again',
  // A row that it refers to was deleted meanwhile: the verb finds that when it runs again.
  '23503': 'again',
  '40001': 'again',
  '40P01': 'again',
  '26000': 'unnamed',
  '42P05': 'unnamed',
  '08P01': 'unnamed',
  '25006': 'read_only',
  '57P01': 'lost',
  '57P02': 'lost',
  '57P03': 'lost',
  // The connection was idle for too long (idle_session_timeout).
  '57P05': 'lost',
  // The transaction was idle for too long, so the server rolled it back and closed the connection.
  '25P03': 'lost',
  // It took too long (transaction_timeout of PostgreSQL 17), or its database was dropped.
  '25P04': 'lost',
  '57P04': 'lost',
  '53300': 'lost',
  '55P03': 'busy',
  '57014': 'busy',
}

/** By the class of a SQLSTATE, its first two letters. */
const kindsOfClass: Readonly<Record<string, QueryErrorKind>> = {
  '08': 'lost',
  '53': 'busy',
  '58': 'lost',
}

/**
 * After these the connection is closed, whatever the code: PgBouncer reports a server that it has lost as 08P01, and the
 * statement may have been a commit. PostgreSQL translates them by `lc_messages`, so its codes are listed above.
 */
const endsConnection = (severity: unknown): boolean => severity === 'FATAL' || severity === 'PANIC'

/** An error that a statement or a connection of the database returned, with its meaning. */
export class QueryError extends Error {
  override readonly name = 'QueryError'
  readonly kind: QueryErrorKind
  /** The SQLSTATE or the code of the operating system; `again` where the program itself asks for another run; else empty. */
  readonly code: string

  constructor(kind: QueryErrorKind, code: string, cause: unknown) {
    super(`${kind}: ${code || (cause as Error)?.message}`, { cause })
    this.kind = kind
    this.code = code
  }
}

/** Classifies what `pg` threw. An error without SQLSTATE is one of the connection: it was closed, or a reply took too long. */
export function asQueryError(error: unknown): QueryError {
  if (error instanceof QueryError) return error
  const code = String((error as { code?: unknown }).code ?? '')
  const { severity } = error as { severity?: unknown }
  const isSqlState = /^[0-9A-Z]{5}$/.test(code) && severity !== undefined
  const isLost = !isSqlState || endsConnection(severity)
  const kind = isLost ? 'lost' : (kinds[code] ?? kindsOfClass[code.slice(0, 2)] ?? 'fault')
  return new QueryError(kind, code, error)
}

/**
 * Classifies what failed while a connection was being opened. Nothing was sent to the database then, and another try may
 * succeed: the server may refuse logins for a while, whatever the reason that it gives.
 */
export function asConnectError(error: unknown): QueryError {
  const { kind, code, cause } = asQueryError(error)
  return new QueryError(kind === 'read_only' ? kind : 'lost', code, cause)
}

/** To be thrown by the work of a transaction that has to start again, because what it locked has changed. */
export const runAgain = (reason: string): QueryError =>
  new QueryError('again', 'again', new Error(reason))
