import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { createHealthMonitor } from './health.ts'

function open() {
  const size: { bytes: number | null } = { bytes: null }
  const monitor = createHealthMonitor({ bytes: async () => size.bytes })
  onTestFinished(monitor.stop)
  return { size, ...monitor }
}

/** Keeps this thread busy, and with it the event loop. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

it('the lag is that since the last read', async () => {
  const { read } = open()
  await setTimeout(50)
  block(1_500)
  await setTimeout(50)
  expect((await read()).eventLoopP99Ms).toBeGreaterThan(1_400)
  await setTimeout(50)
  expect((await read()).eventLoopP99Ms).toBeLessThan(1_400)
})

it('the size of the database is that of the store, and the start is in ms since the epoch', async () => {
  const { size, read } = open()
  expect((await read()).databaseBytes).toBeNull()
  size.bytes = 100_000
  const { databaseBytes, startedAt } = await read()
  expect(databaseBytes).toBe(100_000)
  expect(startedAt).toBe(Math.round(performance.timeOrigin))
})
