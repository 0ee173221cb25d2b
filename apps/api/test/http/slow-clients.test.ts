import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startService, type TestService } from '../harness.ts'

async function openSocket(service: TestService) {
  const accepted = once(service.server(), 'connection') as Promise<[Socket]>
  const client = connect(Number(new URL(service.url()).port), '127.0.0.1').on('error', () => {})
  onTestFinished(() => void client.destroy())
  const [server] = await accepted
  return { client, server }
}

const head = 'POST /trpc/miniLogin HTTP/1.1\r\nhost: x\r\n'

it('a request that does not arrive ends its connection: headers after 5 s, a body after 10 s', async () => {
  const service = await startService()
  const refusalOf = async (request: string) => {
    const { client } = await openSocket(service)
    const startedAt = performance.now()
    client.write(request)
    let reply = ''
    for await (const chunk of client) reply += chunk
    return { status: reply.slice(0, 12), seconds: (performance.now() - startedAt) / 1000 }
  }
  const withBody = `${head}content-type: application/json\r\ncontent-length: 100\r\n\r\n{`
  const [headers, body] = [refusalOf(head), refusalOf(withBody)]
  expect((await headers).status).toBe('HTTP/1.1 408')
  expect((await body).status).toBe('HTTP/1.1 408')
  // Node looks once a second. The upper bounds are those of Node's defaults, 60 s and 300 s.
  expect((await headers).seconds).toBeGreaterThanOrEqual(4.9)
  expect((await body).seconds).toBeGreaterThanOrEqual(9.9)
})

it('a reply that is not read ends its connection', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const service = await startService()
  const { client, server } = await openSocket(service)
  client.pause()
  // Requests one after another, until the system keeps no more of the replies.
  while (server.writableLength === 0) {
    client.write('GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(50))
    await setTimeout(20)
  }
  const closed = once(server, 'close')
  vi.advanceTimersByTime(6_000)
  expect(server.destroyed).toBe(false)
  vi.advanceTimersByTime(6_000)
  await closed
})
