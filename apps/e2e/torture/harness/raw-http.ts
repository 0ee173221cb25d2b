import { connect, type Socket } from 'node:net'

export interface RawReply {
  readonly status: number
  readonly head: string
  readonly body: string
}

export interface RawResult {
  /** `replied`: all expected replies arrived; `closed`: the server closed the connection; `timeout`: neither. */
  readonly end: 'replied' | 'closed' | 'timeout'
  readonly replies: readonly RawReply[]
  readonly ms: number
}

export interface RawRequest {
  readonly bytes: Buffer
  /** The number of replies to wait for; default 1. */
  readonly count?: number
  /** For each request, whether its reply has no body, as for HEAD. */
  readonly bodiless?: readonly boolean[]
  /** Sends a FIN after the bytes. */
  readonly final?: boolean
}

/** Sends bytes unchanged over a new connection and collects the replies for at most `timeoutMs`. */
export function sendRaw(url: string, request: RawRequest, timeoutMs = 5_000): Promise<RawResult> {
  const { bytes, count = 1, bodiless = [], final = false } = request
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const startedAt = performance.now()
    const replies: RawReply[] = []
    let received = Buffer.alloc(0)
    const socket = connect(Number(port), hostname)
    const finish = (end: RawResult['end']) => {
      clearTimeout(timer)
      destroy(socket)
      resolve({ end, replies, ms: performance.now() - startedAt })
    }
    const timer = setTimeout(() => finish('timeout'), timeoutMs)
    socket.on('error', () => {})
    socket.once('close', () => finish('closed'))
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      for (;;) {
        const read = readReply(received, bodiless[replies.length] ?? false)
        if (read === null) return
        received = received.subarray(read.length)
        if (read.reply.status >= 200) replies.push(read.reply)
        if (replies.length >= count) return finish('replied')
      }
    })
    socket.write(bytes)
    if (final) socket.end()
  })
}

/** Resets the connection: a normal close leaves the port in TIME_WAIT, and a flood would run out of ports. */
function destroy(socket: Socket): void {
  socket.removeAllListeners('close')
  if (socket.destroyed) return
  socket.resetAndDestroy()
}

/** Parses the first complete reply in the bytes (RFC 9112 §6) and its length; null when it is incomplete. */
function readReply(bytes: Buffer, bodiless: boolean): { reply: RawReply; length: number } | null {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const head = bytes.subarray(0, headEnd).toString('latin1')
  const status = Number(head.slice(9, 12))
  const from = headEnd + 4
  const to = bodiless || status < 200 || status === 204 ? from : bodyEnd(bytes, { head, from })
  if (to === null || to > bytes.length) return null
  return { reply: { status, head, body: bytes.subarray(from, to).toString() }, length: to }
}

function bodyEnd(bytes: Buffer, { head, from }: { head: string; from: number }): number | null {
  if (/^transfer-encoding: chunked$/im.test(head)) return chunksEnd(bytes, from)
  return from + Number(head.match(/^content-length: (\d+)$/im)?.[1] ?? 0)
}

/** Finds the end of a chunked body (RFC 9112 §7.1). The service sends no trailers. */
function chunksEnd(bytes: Buffer, from: number): number | null {
  let at = from
  for (;;) {
    const line = bytes.indexOf('\r\n', at)
    if (line < 0) return null
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16)
    at = line + 2 + size + 2
    if (!(size > 0)) return at
  }
}

export interface HttpMessage {
  readonly method: string
  readonly target: string
  /** Raw header lines, so that a name can repeat. */
  readonly headers: readonly string[]
  readonly body: Buffer
  readonly framing: 'length' | 'chunked' | 'none'
}

/** Serialises a request. */
export function toBytes({ method, target, headers, body, framing }: HttpMessage): Buffer {
  const frame = {
    length: [`content-length: ${body.length}`],
    chunked: ['transfer-encoding: chunked'],
    none: [],
  }[framing]
  const head = [`${method} ${target} HTTP/1.1`, 'host: 127.0.0.1', ...frame, ...headers]
  return Buffer.concat([
    Buffer.from(`${head.join('\r\n')}\r\n\r\n`),
    framing === 'chunked' ? toChunks(body) : framing === 'length' ? body : Buffer.alloc(0),
  ])
}

function toChunks(body: Buffer): Buffer {
  const chunks: Buffer[] = []
  for (let at = 0; at < body.length; at += 1_000) {
    const chunk = body.subarray(at, at + 1_000)
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'))
  }
  return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')])
}
