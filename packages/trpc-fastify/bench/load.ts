import { connect, type Socket } from 'node:net'

/** Sends one request over and over on each of its connections; a process of its own. */
export interface Order {
  readonly port: number
  readonly request: string
  readonly connections: number
  /** milliseconds */
  readonly duration: number
}

export interface Tally {
  readonly replies: number
  /** milliseconds */
  readonly duration: number
}

/** The whole of one reply, whose copies differ in no length; a reply with an error ends the run. */
function measure(order: Order): Promise<number> {
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

async function run(order: Order): Promise<Tally> {
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

process.on('message', async (order: Order) => {
  process.send?.(await run(order))
})
process.on('disconnect', () => process.exit(0))
