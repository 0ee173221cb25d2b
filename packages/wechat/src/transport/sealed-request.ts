import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'

/**
 * Keeps queries and bodies, which hold the secret, the access token and the code, out of
 * everything that watches undici: it publishes each request on diagnostics channels, where
 * NODE_DEBUG=undici and tracers read it. So undici is given placeholders, and the socket puts
 * the real bytes in their place.
 */
export interface SealedRequests {
  /** Placeholders to give to undici; `forget` them when the request is over. */
  seal(query: string, body: string | null): SealedRequest
  /** A connector whose sockets write the real bytes where a placeholder stands. */
  unsealing(connect: buildConnector.connector): buildConnector.connector
}

export interface SealedRequest {
  query: string
  body: Buffer | null
  /** Whether any byte of it was given to a socket. */
  wasWritten: () => boolean
  forget: () => void
}

/** What follows the address in a request line (RFC 9112 §3). */
const version = ' HTTP/1.1\r\n'

export function createSealedRequests(): SealedRequests {
  const queries = new Map<string, { query: string; wasWritten: boolean }>()
  const bodies = new WeakMap<object, Buffer>()
  let count = 0

  /** undici writes a head as a string, and a body as the very buffer it was given. */
  const unseal = (chunk: unknown): unknown => {
    if (typeof chunk === 'object' && chunk !== null) return bodies.get(chunk) ?? chunk
    if (typeof chunk !== 'string') return chunk
    const end = chunk.indexOf(version)
    const start = chunk.lastIndexOf('?', end) + 1
    const sealed = end > 0 && start > 0 ? queries.get(chunk.slice(start, end)) : undefined
    if (sealed === undefined) return chunk
    sealed.wasWritten = true
    return chunk.slice(0, start) + sealed.query + chunk.slice(end)
  }

  return {
    seal(query, body) {
      count += 1
      const placeholder = `sealed=${count}`
      const sealed = { query, wasWritten: false }
      queries.set(placeholder, sealed)
      const bytes = body === null ? null : Buffer.from(body)
      const blank = bytes === null ? null : Buffer.alloc(bytes.length, ' ')
      if (bytes !== null && blank !== null) bodies.set(blank, bytes)
      return {
        query: placeholder,
        body: blank,
        wasWritten: () => sealed.wasWritten,
        forget: () => queries.delete(placeholder),
      }
    },
    unsealing: (connect) => (options, callback) =>
      connect(options, (...[error, socket]) => {
        if (error !== null) return callback(error, null)
        replaceWrites(socket, unseal)
        callback(null, socket)
      }),
  }
}

function replaceWrites(socket: Socket, replace: (chunk: unknown) => unknown): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
  const writeReplaced = (chunk: unknown, ...rest: unknown[]) => write(replace(chunk), ...rest)
  socket.write = writeReplaced as Socket['write']
}
