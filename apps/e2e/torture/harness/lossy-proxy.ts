import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * A proxy in front of `url` that loses a share of the replies: half of these before the first byte, half after the
 * headers. Every request arrives, so the service has processed the calls whose replies are lost.
 */
export async function startLossyProxy(url: string, share: number) {
  const { hostname, port } = new URL(url)
  const open = new Set<Socket>()
  const counts = { replies: 0, lost: 0 }
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => {
        open.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.pipe(upstream)
    upstream.on('data', (reply: Buffer) => {
      counts.replies += 1
      if (Math.random() >= share) {
        client.write(reply)
        return
      }
      counts.lost += 1
      const headers = reply.indexOf('\r\n\r\n') + 4
      if (counts.lost % 2 === 0) client.write(reply.subarray(0, headers), () => client.destroy())
      else client.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts: counts as Readonly<typeof counts>,
    stop: () => {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}
