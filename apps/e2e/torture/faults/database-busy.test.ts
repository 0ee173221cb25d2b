import { setTimeout as after } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { isOnPostgres } from '../../test/under-test/database.ts'
import { formatLatency, percentile, report, tally } from '../harness/figures.ts'
import { startHarness } from '../harness/harness.ts'
import { countFor, isLongRun } from '../harness/run-length.ts'

// A SQLite file has one write lock. apps/api/test/store/postgres has the locks of PostgreSQL.
it.skipIf(isOnPostgres)(
  'while another process holds the write lock, reads succeed and writes are refused as overloaded',
  async () => {
    const harness = await startHarness()
    const { tokens } = await harness.signIn('ming')
    const other = new Sqlite(harness.file)
    other.exec('BEGIN IMMEDIATE')
    const end = Date.now() + countFor({ short: 1_500, long: 10_000 })
    const reads: number[] = []
    const writes: { reason: string; ms: number }[] = []
    const read = async () => {
      while (Date.now() < end) {
        const reply = await harness.client.send('/trpc/me', { token: tokens.accessToken })
        expect(reply.status).toBe(200)
        reads.push(reply.ms)
        await after(5)
      }
    }
    const write = async (worker: number) => {
      while (Date.now() < end) {
        const { reason, ms } = await harness.miniLogin(`person-${worker}`)
        writes.push({ reason: reason ?? 'signed in', ms })
      }
    }
    await Promise.all([read(), read(), ...Array.from({ length: 8 }, (_, index) => write(index))])
    other.exec('ROLLBACK')
    other.close()
    const reasons = tally(writes.map(({ reason }) => reason))
    report('database busy', {
      reads: reads.length,
      read: formatLatency(reads),
      writes: writes.length,
      refused: formatLatency(writes.map(({ ms }) => ms)),
      reasons: JSON.stringify(reasons),
    })
    expect(Object.keys(reasons)).toEqual(['overloaded'])
    expect(Math.min(...writes.map(({ ms }) => ms))).toBeGreaterThan(950)
    expect((await harness.miniLogin('ming')).reason).toBeNull()
    expect(harness.integrity()).toBe('ok')
    if (isLongRun) expect(percentile(reads, 0.99)).toBeLessThan(300)
  },
)

it.skipIf(isOnPostgres)(
  'a write waits for a lock that is held briefly, and then succeeds',
  async () => {
    const harness = await startHarness()
    await harness.signIn('ming')
    const other = new Sqlite(harness.file)
    other.exec('BEGIN IMMEDIATE')
    const waiting = harness.miniLogin('ming')
    await after(50)
    other.exec('ROLLBACK')
    other.close()
    expect((await waiting).reason).toBeNull()
  },
)
