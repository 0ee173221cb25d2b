import { Buffer } from 'node:buffer'
import type pg from 'pg'
import type { Lease, Pool } from './pools.ts'
import type { StatementNames } from './queries.ts'
import { asQueryError } from './query-error.ts'

/** A row as the server sends it: every column as a text, in the order of the columns. */
export type TextRow = readonly (string | null)[]

/** Runs the statement once with its one parameter, a text. @throws QueryError */
export type PreparedRead = (parameter: string) => Promise<readonly TextRow[]>

/**
 * A statement of every call. It costs a third of `Queries`: the server is not asked to describe columns that are known,
 * the messages are written as one, and a connection that is idle is used in the same turn.
 *
 * @param text with one parameter; constant, because it is prepared once for each connection
 */
export function createPreparedRead(pool: Pool, names: StatementNames, text: string): PreparedRead {
  const messagesFor = createMessages(text)
  const run = (lease: Lease, parameter: string) =>
    new Promise<readonly TextRow[]>((resolve, reject) => {
      const name = names.of(text)
      const rows: TextRow[] = []
      const query = {
        // pg notes by these two what is prepared on the connection.
        name,
        text,
        callback(error: unknown): void {
          const failure = error === null ? null : asQueryError(error)
          lease.release(failure)
          if (failure === null) resolve(rows)
          else reject(failure)
        },
        submit(connection: pg.Connection): void {
          const isPrepared = name !== undefined && hasPrepared(connection, name)
          connection.stream.write(messagesFor(name, parameter, isPrepared))
        },
        handleDataRow: ({ fields }: { readonly fields: TextRow }): void => void rows.push(fields),
        handleError: (error: unknown): void => query.callback(error),
        handleReadyForQuery: (): void => query.callback(null),
        handleCommandComplete: ignore,
        // None of these answers what was sent, but the connection must survive them.
        handleRowDescription: ignore,
        handleEmptyQuery: ignore,
        handlePortalSuspended: ignore,
        handleCopyInResponse: ignore,
        handleCopyData: ignore,
      }
      lease.client.query(query)
    })
  return (parameter) => {
    const idle = pool.leaseIdle()
    if (idle !== null) return run(idle, parameter)
    return pool.lease().then((lease) => run(lease, parameter))
  }
}

const ignore = (): void => {}

/** By the record of pg, which no type declares. */
const hasPrepared = (connection: pg.Connection, name: string): boolean =>
  (connection as unknown as { readonly parsedStatements: Readonly<Record<string, string>> })
    .parsedStatements[name] !== undefined

/** Quoted, so that no element means anything to the parser of the server. */
export const textArray = (texts: readonly string[]): string =>
  `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`

/**
 * The messages that prepare a statement where it is not, bind a parameter, and execute it: Parse, Bind, Execute, Sync of
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
function createMessages(text: string) {
  const afterParameter = Buffer.concat([
    // The columns in the format of texts.
    int16(0),
    message('E', [cString(''), int32(0)]),
    message('S', []),
  ])
  const startOf = (name: string) => ({
    parse: message('P', [cString(name), cString(text), int16(0)]),
    // The unnamed portal, the statement, the parameters in the format of texts, and that there is one.
    bind: Buffer.concat([cString(''), cString(name), int16(0), int16(1)]),
  })
  const unnamed = startOf('')
  let named: ReturnType<typeof startOf> | null = null
  return (name: string | undefined, parameter: string, isPrepared: boolean): Buffer => {
    if (name !== undefined) named ??= startOf(name)
    const { parse, bind } = name === undefined || named === null ? unnamed : named
    const parameterBytes = Buffer.byteLength(parameter)
    const parseBytes = isPrepared ? 0 : parse.length
    const bindBytes = 4 + bind.length + 4 + parameterBytes + 2
    const whole = Buffer.allocUnsafe(parseBytes + 1 + bindBytes - 2 + afterParameter.length)
    if (parseBytes > 0) parse.copy(whole)
    let at = whole.writeUInt8(codeOf('B'), parseBytes)
    at = whole.writeInt32BE(bindBytes, at)
    at += bind.copy(whole, at)
    at = whole.writeInt32BE(parameterBytes, at)
    at += whole.write(parameter, at)
    afterParameter.copy(whole, at)
    return whole
  }
}

const codeOf = (letter: string): number => letter.charCodeAt(0)
const cString = (text: string): Buffer => Buffer.from(`${text}\0`)

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

/** The length counts itself, and not the letter. */
function message(letter: string, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(letter), int32(body.length + 4), body])
}
