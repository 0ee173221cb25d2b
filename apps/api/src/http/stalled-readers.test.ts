import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { dropStalledReaders } from './stalled-readers.ts'

const large = Buffer.alloc(60_000_000)

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

it('closes the connection of a client that reads nothing', async () => {
  const { server, ask } = await startServer(200)
  const accepted = once(server, 'connection')
  ask().pause()
  const [socket] = await accepted
  await once(socket, 'close')
  expect(socket.destroyed).toBe(true)
})

it('lets a client that reads slowly have the whole reply, over many checks', async () => {
  const { ask, check } = await startChecked()
  let read = 0
  let checks = 0
  for await (const chunk of ask()) {
    read += chunk.length
    if (read > large.length) break
    // More than the system keeps for one connection, so the server must have written since the last check.
    if (read < (checks + 1) * 10_000_000) continue
    checks += 1
    check()
  }
  expect(read).toBeGreaterThan(large.length)
  expect(checks).toBe(5)
})

it('hangs up at the second check in which nothing was read, and not at the first', async () => {
  const { server, ask, check } = await startChecked()
  const requested = once(server, 'request')
  ask().pause()
  const [{ socket }] = (await requested) as [{ socket: Socket }]
  await isFull(socket)
  check()
  expect(socket.destroyed).toBe(false)
  check()
  expect(socket.destroyed).toBe(true)
})

it('checks no more once the server is closed', async () => {
  const { server } = await startChecked()
  expect(vi.getTimerCount()).toBe(1)
  server.close()
  await once(server, 'close')
  expect(vi.getTimerCount()).toBe(0)
})

/** A server whose checks come when the test calls for them. */
async function startChecked() {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const started = await startServer(1_000)
  return { ...started, check: () => void vi.advanceTimersByTime(1_000) }
}

/** Until the system takes no more of a reply. */
async function isFull(socket: Socket): Promise<void> {
  const queue = () => Reflect.get(Reflect.get(socket, '_handle'), 'writeQueueSize')
  for (let before = -1; before !== queue(); await setTimeout(50)) before = queue()
}
