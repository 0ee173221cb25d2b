import { setImmediate as nextTurn } from 'node:timers/promises'
import fastify from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { answerFailures } from './failures.ts'
import { shedLoad } from './shed-load.ts'

/** Keeps this thread busy, and with it everything that the event loop should do. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

async function startApp() {
  const app = fastify()
  onTestFinished(() => app.close())
  answerFailures(app)
  shedLoad(app, { everyMs: 100, mostMs: 50 })
  for (const path of ['/me', '/healthz', '/readyz', '/metrics']) app.get(path, async () => 'here')
  await app.ready()
  return { ask: (url: string) => app.inject({ url }) }
}

it('refuses while the event loop is late, with when to come back, and then no longer', async () => {
  const { ask } = await startApp()
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
  for (const path of ['/healthz', '/readyz', '/metrics'])
    expect((await ask(path)).statusCode, path).toBe(200)
  const deadline = AbortSignal.timeout(3_000)
  while ((await ask('/me')).statusCode === 503 && !deadline.aborted) await nextTurn()
  expect((await ask('/me')).statusCode).toBe(200)
})

it('one long pause is no overload', async () => {
  const { ask } = await startApp()
  const paused = AbortSignal.timeout(1_000)
  block(60)
  const statuses = new Set<number>()
  while (!paused.aborted) {
    statuses.add((await ask('/me')).statusCode)
    await nextTurn()
  }
  expect([...statuses]).toEqual([200])
})
