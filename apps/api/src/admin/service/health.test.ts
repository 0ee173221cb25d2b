import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { createHealthMonitor } from './health.ts'

function open() {
  const sqlite = new Sqlite(':memory:')
  const monitor = createHealthMonitor({ sqlite })
  onTestFinished(() => {
    monitor.stop()
    sqlite.close()
  })
  return { sqlite, ...monitor }
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
  expect(read().eventLoopP99Ms).toBeGreaterThan(1_400)
  await setTimeout(50)
  expect(read().eventLoopP99Ms).toBeLessThan(1_400)
})

it('the size of the database is counted in bytes, and the start in ms since the epoch', () => {
  const { sqlite, read } = open()
  expect(read().databaseBytes).toBe(0)
  sqlite.exec('create table t (text)')
  sqlite.prepare('insert into t values (?)').run('x'.repeat(100_000))
  const { databaseBytes, startedAt } = read()
  expect(databaseBytes).toBeGreaterThan(100_000)
  expect(databaseBytes).toBeLessThan(200_000)
  expect(startedAt).toBe(Math.round(performance.timeOrigin))
})
