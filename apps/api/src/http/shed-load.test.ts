import { setImmediate as nextTurn } from 'node:timers/promises'
import fastify from 'fastify'
import { expect, it, onTestFinished, vi } from 'vitest'
import { installErrorHandlers } from './error-replies.ts'
import { type ShedLoadOptions, shedLoad } from './shed-load.ts'

/** Keeps this thread busy, and with it everything that the event loop should do. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

async function startApp(options: ShedLoadOptions) {
  const app = fastify()
  onTestFinished(() => app.close())
  installErrorHandlers(app)
  const refusalOf = shedLoad(app, options)
  app.addHook('onRequest', (request, _reply, done) => done(refusalOf(request)))
  app.get('/me', async () => 'here')
  app.get('/healthz', { config: { neverShed: true } }, async () => 'here')
  await app.ready()
  return { ask: (url: string) => app.inject({ url }) }
}

it('refuses while the event loop is delayed, with a retry-after, and then no longer', async () => {
  const { ask } = await startApp({ windowMs: 100, maxDelayMs: 50 })
  expect((await ask('/me')).statusCode).toBe(200)
  let refused = await ask('/me')
  for (let turn = 0; turn < 20 && refused.statusCode === 200; turn++) {
    block(120)
    await nextTurn()
    refused = await ask('/me')
  }
  expect(refused.json()).toMatchObject({ error: { data: { reason: 'overloaded', retryAfter: 1 } } })
  expect(refused.statusCode).toBe(503)
  expect(refused.headers['retry-after']).toBe('1')
  expect((await ask('/healthz')).statusCode).toBe(200)
  expect((await ask('/nowhere')).statusCode).toBe(503)
  const deadline = AbortSignal.timeout(3_000)
  while ((await ask('/me')).statusCode === 503 && !deadline.aborted) await nextTurn()
  expect((await ask('/me')).statusCode).toBe(200)
})

it('refuses also when each turn takes longer than the window', async () => {
  const { ask } = await startApp({ windowMs: 50, maxDelayMs: 50 })
  let refused = 0
  for (let turn = 0; turn < 10; turn++) {
    block(150)
    await nextTurn()
    if ((await ask('/me')).statusCode === 503) refused += 1
  }
  expect(refused).toBeGreaterThan(5)
})

it('the time before the app is ready does not count', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  let clock = 0
  const app = fastify()
  onTestFinished(() => app.close())
  const refusalOf = shedLoad(app, { maxDelayMs: 500, now: () => clock })
  app.addHook('onRequest', (request, _reply, done) => done(refusalOf(request)))
  app.get('/me', async () => 'here')
  clock += 2_000
  await app.ready()
  clock += 50
  vi.advanceTimersByTime(50)
  expect((await app.inject({ url: '/me' })).statusCode).toBe(200)
})

it('a pause of a fifth of a second is no overload', async () => {
  // A clock of its own: a machine that others share may well pause for longer than that by itself.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  let clock = 0
  const { ask } = await startApp({ maxDelayMs: 500, now: () => clock })
  const statuses = new Set<number>()
  for (const passed of [50, 200, ...Array<number>(10).fill(50)]) {
    clock += passed
    vi.advanceTimersByTime(50)
    statuses.add((await ask('/me')).statusCode)
  }
  expect([...statuses]).toEqual([200])
  clock += 2_000
  vi.advanceTimersByTime(50)
  expect((await ask('/me')).statusCode).toBe(503)
})

it('after the sleep of a laptop calls are refused for a second or two, however long it slept', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  let clock = 0
  const { ask } = await startApp({ maxDelayMs: 500, now: () => clock })
  const pass = (ms: number) => {
    clock += ms
    vi.advanceTimersByTime(50)
  }
  pass(50)
  pass(8 * 3_600_000)
  expect((await ask('/me')).statusCode).toBe(503)
  for (let turn = 0; turn < 30; turn++) pass(50)
  expect((await ask('/me')).statusCode).toBe(200)
})
