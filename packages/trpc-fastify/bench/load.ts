import { connect, type Socket } from 'node:net'

/** What the load process does: it sends one request repeatedly on each of its connections. */
export interface LoadOrder {
  readonly port: number
  readonly request: string
  readonly connections: number
  /** In milliseconds. */
  readonly duration: number
}

export interface LoadResult {
  readonly replies: number
  /** In milliseconds. */
  readonly duration: number
}

/** The length of one reply; all replies have the same. @throws for a reply with an error */
function measure(order: LoadOrder): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(order.port, '127.0.0.1')
    let text = ''
    socket.setEncoding('latin1').on('error', reject)
    socket.on('data', (chunk: string) => {
      text += chunk
      if (!isWhole(text)) return
      socket.destroy()
      if (text.startsWith('HTTP/1.1 200 ')) resolve(text.length)
      else reject(new Error(text))
    })
    socket.write(order.request)
  })
}

function isWhole(text: string): boolean {
  const body = text.indexOf('\r\n\r\n') + 4
  if (body < 4) return false
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1]
  return length === undefined ? text.endsWith('0\r\n\r\n') : text.length >= body + Number(length)
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const length = await measure(order)
  const request = Buffer.from(order.request)
  const sockets: Socket[] = []
  const start = performance.now()
  let replies = 0
  await Promise.all(
    Array.from({ length: order.connections }, () => {
      return new Promise<void>((resolve, reject) => {
        const socket = connect({ port: order.port, host: '127.0.0.1', noDelay: true })
        sockets.push(socket)
        let received = 0
        socket.on('error', reject).on('connect', () => socket.write(request))
        socket.on('data', (chunk) => {
          received += chunk.length
          if (received < length) return
          received -= length
          replies++
          if (performance.now() - start < order.duration) socket.write(request)
          else resolve()
        })
      })
    }),
  )
  const duration = performance.now() - start
  for (const socket of sockets) socket.destroy()
  return { replies, duration }
}

process.on('message', async (order: LoadOrder) => {
  process.send?.(await run(order))
})
process.on('disconnect', () => process.exit(0))
