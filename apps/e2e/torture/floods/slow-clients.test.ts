import { connect } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { percentile, report, spread } from '../stage/figures.ts'
import { isLong, length, rounds } from '../stage/length.ts'
import { setStage } from '../stage/stage.ts'

/** What a client sends that never finishes, byte for byte or all at once. */
const kinds = {
  silent: '',
  headers: `GET /trpc/me HTTP/1.1\r\nhost: x\r\nx-slow: ${'x'.repeat(5_000)}`,
  body: `POST /trpc/miniLogin HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 60000\r\n\r\n${' '.repeat(5_000)}`,
  halfRequest: 'POST /auth/bind HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{',
}

/** Whoever is still connected after this many ms was forgotten, which fails the test. */
const forgotten = 30_000

/** Opens a connection that drips; answers the ms until the service has closed it. */
function drip(url: string, kind: keyof typeof kinds): Promise<number> {
  const { hostname, port } = new URL(url)
  const bytes = kinds[kind]
  return new Promise((resolve) => {
    const startedAt = performance.now()
    const socket = connect(Number(port), hostname).on('error', () => {})
    let at = kind === 'body' ? bytes.indexOf('\r\n\r\n') + 4 : kind === 'halfRequest' ? 99 : 1
    socket.write(bytes.slice(0, at))
    const timer = setInterval(() => socket.write(bytes.slice(at, ++at)), 200)
    const end = setTimeout(() => socket.destroy(), forgotten)
    socket.resume().once('close', () => {
      clearInterval(timer)
      clearTimeout(end)
      resolve(performance.now() - startedAt)
    })
  })
}

/**
 * Asks for more than the system's buffers hold, and begins to read only after the time in which the service
 * should have hung up; answers whether it had.
 */
async function ignore(url: string): Promise<boolean> {
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

it('slow and silent clients are cut off, and nobody waits for them', async () => {
  const stage = await setStage()
  const { tokens } = await stage.signIn('ming')
  const sockets = length({ short: 200, long: 2_000 })
  const ignoring = Promise.all(Array.from({ length: 3 }, () => ignore(stage.url)))
  const closed: number[] = []
  const beside: number[] = []
  // A wave takes some 11 s; the long version goes on for 5 minutes.
  for (const _ of rounds({ short: 1, long: 27 })) {
    const names = Object.keys(kinds) as (keyof typeof kinds)[]
    let open = sockets
    const wave = Array.from({ length: sockets }, async (_, index) => {
      closed.push(await drip(stage.url, names[index % names.length] ?? 'silent'))
      open -= 1
    })
    while (open > 0) {
      const reply = await stage.caller.send('/trpc/me', { token: tokens.accessToken })
      expect(reply.status).toBe(200)
      beside.push(reply.ms)
      await after(10)
    }
    await Promise.all(wave)
  }
  const hungUp = (await ignoring).filter(Boolean).length
  report('slow and silent clients', {
    sockets: closed.length,
    'closed after s': percentile(closed, 1) / 1000,
    'hung up on those who read nothing': `${hungUp} of 3`,
    'calls beside them': beside.length,
    me: spread(beside),
  })
  expect(hungUp).toBe(3)
  expect(percentile(closed, 1)).toBeLessThan(15_000)
  if (isLong) expect(percentile(beside, 0.99)).toBeLessThan(100)
})
