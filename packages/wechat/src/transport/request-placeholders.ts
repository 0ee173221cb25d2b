import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'

/**
 * Keeps the secrets of a request (app secret, access token, code) away from undici's diagnostics channels, which
 * publish each request and which `NODE_DEBUG=undici` and tracers read. undici gets placeholders for the query and
 * the body; the socket replaces them with the real bytes when it writes.
 */
export interface RequestPlaceholders {
  /** Creates the placeholders for one request. Call `release` when the request has ended. */
  create(query: string, body: string | null): RequestPlaceholder
  /** Wraps a connector: its sockets write the real bytes in place of each placeholder. */
  wrapConnector(connect: buildConnector.connector): buildConnector.connector
}

/** What undici gets in place of one request's query and body. */
export interface RequestPlaceholder {
  /** Query string for undici, without `?`. */
  query: string
  /** Body for undici, as long as the real one; null for a request without a body. */
  body: Buffer | null
  /** Whether any byte of the request was written to a socket. */
  wasWritten: () => boolean
  /** Forgets the real query. */
  release: () => void
}

/** The end of a request line (RFC 9112 §3). */
const httpVersion = ' HTTP/1.1\r\n'

/** Creates a registry of placeholders; use one for each connection pool. */
export function createRequestPlaceholders(): RequestPlaceholders {
  const queries = new Map<string, { query: string; wasWritten: boolean }>()
  const bodies = new WeakMap<object, Buffer>()
  let count = 0

  /** undici writes a request head as one string, and a body as the same buffer object that it received. */
  const restore = (chunk: unknown): unknown => {
    if (typeof chunk === 'object' && chunk !== null) return bodies.get(chunk) ?? chunk
    if (typeof chunk !== 'string') return chunk
    const end = chunk.indexOf(httpVersion)
    const start = chunk.lastIndexOf('?', end) + 1
    const real = end > 0 && start > 0 ? queries.get(chunk.slice(start, end)) : undefined
    if (real === undefined) return chunk
    real.wasWritten = true
    return chunk.slice(0, start) + real.query + chunk.slice(end)
  }

  return {
    create(query, body) {
      count += 1
      const placeholder = `placeholder=${count}`
      const real = { query, wasWritten: false }
      queries.set(placeholder, real)
      const bytes = body === null ? null : Buffer.from(body)
      const blank = bytes === null ? null : Buffer.alloc(bytes.length, ' ')
      if (bytes !== null && blank !== null) bodies.set(blank, bytes)
      return {
        query: placeholder,
        body: blank,
        wasWritten: () => real.wasWritten,
        release: () => queries.delete(placeholder),
      }
    },
    wrapConnector: (connect) => (options, callback) =>
      connect(options, (...[error, socket]) => {
        if (error !== null) return callback(error, null)
        replaceWrites(socket, restore)
        callback(null, socket)
      }),
  }
}

function replaceWrites(socket: Socket, replace: (chunk: unknown) => unknown): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
  const writeReplaced = (chunk: unknown, ...rest: unknown[]) => write(replace(chunk), ...rest)
  socket.write = writeReplaced as Socket['write']
}
