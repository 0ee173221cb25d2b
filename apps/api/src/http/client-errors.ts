import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { shapeOf } from '@mianmi/contracts'
import { corsHeaders } from './cors.ts'

/** An error of Node's HTTP parser. */
interface ClientError {
  readonly code?: string | undefined
  /** The bytes that were received last; other types, which Fastify declares, do not occur. */
  readonly rawPacket?: unknown
}

const statuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
}

/**
 * Answers what is no HTTP request, or has too long headers, and closes the connection. No route and no hook sees it, so
 * this writes the reply itself, in the shape of the others.
 *
 * @param newTraceId makes the id that the reply has
 */
export function createClientErrorHandler(
  allowedOrigins: readonly string[],
  newTraceId: () => string,
): (error: ClientError, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return
    const status = statuses[error.code ?? ''] ?? 400
    const traceId = newTraceId()
    const shape = shapeOf('invalid_input', { path: undefined, traceId })
    const body = JSON.stringify({
      error: { ...shape, data: { ...shape.data, httpStatus: status } },
    })
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
      'x-trace-id': traceId,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(allowedOrigins.length > 0 ? { vary: 'Origin' } : {}),
      ...corsHeaders(originIn(error.rawPacket), allowedOrigins),
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    if (socket.writable)
      socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
    socket.destroy()
  }
}

/** The `Origin` of a request that was not parsed, where it has come with the last packet. */
function originIn(packet: unknown): string | undefined {
  if (!(packet instanceof Uint8Array)) return undefined
  const [head = ''] = Buffer.from(packet).toString('latin1').split('\r\n\r\n', 1)
  return /\r\norigin:[ \t]*(\S+)[ \t]*(?:\r\n|$)/i.exec(head)?.[1]
}
