import { connect } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { formatLatency, percentile, report } from '../harness/figures.ts'
import { startHarness } from '../harness/harness.ts'
import { countFor, isLongRun, rounds } from '../harness/run-length.ts'

/** Incomplete requests, which a client sends byte by byte or all at once. */
const incompleteRequests = {
  silent: '',
  headers: `GET /trpc/me HTTP/1.1\r\nhost: x\r\nx-slow: ${'x'.repeat(5_000)}`,
  body: `POST /trpc/miniLogin HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 60000\r\n\r\n${' '.repeat(5_000)}`,
  halfRequest: 'POST /auth/bind HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{',
}

/** A connection that is still open after this many ms makes the test fail. */
const giveUpAfterMs = 30_000

/** Sends an incomplete request slowly. Returns the time until the service closes the connection, in ms. */
function sendSlowly(url: string, kind: keyof typeof incompleteRequests): Promise<number> {
  const { hostname, port } = new URL(url)
  const bytes = incompleteRequests[kind]
  return new Promise((resolve) => {
    const startedAt = performance.now()
    const socket = connect(Number(port), hostname).on('error', () => {})
    let sentBytes =
      kind === 'body' ? bytes.indexOf('\r\n\r\n') + 4 : kind === 'halfRequest' ? 99 : 1
    socket.write(bytes.slice(0, sentBytes))
    const timer = setInterval(() => socket.write(bytes.slice(sentBytes, ++sentBytes)), 200)
    const end = setTimeout(() => socket.destroy(), giveUpAfterMs)
    socket.resume().once('close', () => {
      clearInterval(timer)
      clearTimeout(end)
      resolve(performance.now() - startedAt)
    })
  })
}

/**
 * Requests more than the socket buffers hold and starts to read only after the service should have closed the
 * connection. Returns whether it had.
 */
async function requestWithoutReading(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  const { length } = await (await fetch(`${url}/openapi.json`)).text()
  const times = Math.ceil(12_000_000 / length)
  const socket = connect(Number(port), hostname).pause()
  socket.on('error', () => {})
  socket.write('GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(times))
  await after(17_000)
  return new Promise((resolve) => {
    let left = times * length
    socket.resume()
    socket.once('close', () => resolve(left > 0))
    socket.on('data', (read) => {
      left -= read.length
      if (left <= 0) socket.destroy()
    })
  })
}

it('connections of slow and silent clients are closed, and other calls are not delayed', async () => {
  const harness = await startHarness()
  const { tokens } = await harness.signIn('ming')
  const sockets = countFor({ short: 200, long: 2_000 })
  const stalledReaders = Promise.all(
    Array.from({ length: 3 }, () => requestWithoutReading(harness.url)),
  )
  const closedAfterMs: number[] = []
  const meTimes: number[] = []
  // A wave takes about 11 s; the long run takes 5 minutes.
  for (const _ of rounds({ short: 1, long: 27 })) {
    const names = Object.keys(incompleteRequests) as (keyof typeof incompleteRequests)[]
    let open = sockets
    const wave = Array.from({ length: sockets }, async (_, index) => {
      closedAfterMs.push(await sendSlowly(harness.url, names[index % names.length] ?? 'silent'))
      open -= 1
    })
    while (open > 0) {
      const reply = await harness.client.send('/trpc/me', { token: tokens.accessToken })
      expect(reply.status).toBe(200)
      meTimes.push(reply.ms)
      await after(10)
    }
    await Promise.all(wave)
  }
  const stalledClosed = (await stalledReaders).filter(Boolean).length
  report('slow and silent clients', {
    sockets: closedAfterMs.length,
    'closed after s': percentile(closedAfterMs, 1) / 1000,
    'stalled readers closed': `${stalledClosed} of 3`,
    'concurrent calls': meTimes.length,
    me: formatLatency(meTimes),
  })
  expect(stalledClosed).toBe(3)
  expect(percentile(closedAfterMs, 1)).toBeLessThan(15_000)
  if (isLongRun) expect(percentile(meTimes, 0.99)).toBeLessThan(100)
})
