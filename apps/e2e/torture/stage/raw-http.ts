import { connect, type Socket } from 'node:net'

export interface RawReply {
  readonly status: number
  readonly head: string
  readonly body: string
}

export interface RawExchange {
  /** `answered`: as many replies as asked for; `closed`: the other side hung up; `silent`: neither in time. */
  readonly end: 'answered' | 'closed' | 'silent'
  readonly replies: readonly RawReply[]
  readonly ms: number
}

export interface RawRequest {
  readonly bytes: Buffer
  /** How many requests there are in the bytes, where they are well formed; default 1. */
  readonly count?: number
  /** Which of the replies have no body, as those to HEAD. */
  readonly bodiless?: readonly boolean[]
  /** Says by a FIN that nothing will follow. */
  readonly final?: boolean
}

/** Sends bytes as they are over a connection of their own. `patience` in ms. */
export function exchange(url: string, request: RawRequest, patience = 5_000): Promise<RawExchange> {
  const { bytes, count = 1, bodiless = [], final = false } = request
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const startedAt = performance.now()
    const replies: RawReply[] = []
    let received = Buffer.alloc(0)
    const socket = connect(Number(port), hostname)
    const finish = (end: RawExchange['end']) => {
      clearTimeout(timer)
      destroy(socket)
      resolve({ end, replies, ms: performance.now() - startedAt })
    }
    const timer = setTimeout(() => finish('silent'), patience)
    socket.on('error', () => {})
    socket.once('close', () => finish('closed'))
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      for (;;) {
        const read = readReply(received, bodiless[replies.length] ?? false)
        if (read === null) return
        received = received.subarray(read.length)
        if (read.reply.status >= 200) replies.push(read.reply)
        if (replies.length >= count) return finish('answered')
      }
    })
    socket.write(bytes)
    if (final) socket.end()
  })
}

/** A reset leaves no port waiting behind, of which a flood would run out. */
function destroy(socket: Socket): void {
  socket.removeAllListeners('close')
  if (socket.destroyed) return
  socket.resetAndDestroy()
}

/** The first whole reply in the bytes and how long it is (RFC 9112 §6), or null. */
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

/** RFC 9112 §7.1, without trailers, which nobody sends here. */
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

export interface HttpParts {
  readonly method: string
  readonly target: string
  /** As they are, so that names may repeat. */
  readonly headers: readonly string[]
  readonly body: Buffer
  readonly framing: 'length' | 'chunked' | 'none'
}

/** A request as it goes over the wire. */
export function toBytes({ method, target, headers, body, framing }: HttpParts): Buffer {
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
