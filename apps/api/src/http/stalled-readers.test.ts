import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { dropStalledReaders } from './stalled-readers.ts'

const large = Buffer.alloc(30_000_000)

async function startServer(patience: number) {
  const server = createServer((_request, response) => response.end(large))
  dropStalledReaders(server, patience)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const ask = () => {
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    return socket
  }
  return { server, ask }
}

it('hangs up on whoever reads nothing', async () => {
  const { server, ask } = await startServer(200)
  const accepted = once(server, 'connection')
  ask().pause()
  const [socket] = await accepted
  await once(socket, 'close')
  expect(socket.destroyed).toBe(true)
})

it('lets whoever reads have it all, however long they stay', async () => {
  const { ask } = await startServer(3_000)
  const socket = ask()
  let read = 0
  for await (const chunk of socket) {
    read += chunk.length
    if (read > large.length) break
  }
  expect(read).toBeGreaterThan(large.length)
})
