import { setTimeout as after } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { percentile, report, spread, tally } from '../stage/figures.ts'
import { isLong, length } from '../stage/length.ts'
import { setStage } from '../stage/stage.ts'

it('another process that holds the write lock holds up no reader, and writers are told', async () => {
  const stage = await setStage()
  const { tokens } = await stage.signIn('ming')
  const other = new Sqlite(stage.file)
  other.exec('BEGIN IMMEDIATE')
  const end = Date.now() + length({ short: 1_500, long: 10_000 })
  const reads: number[] = []
  const writes: { reason: string; ms: number }[] = []
  const read = async () => {
    while (Date.now() < end) {
      const reply = await stage.caller.send('/trpc/me', { token: tokens.accessToken })
      expect(reply.status).toBe(200)
      reads.push(reply.ms)
      await after(5)
    }
  }
  const write = async (worker: number) => {
    while (Date.now() < end) {
      const { reason, ms } = await stage.miniLogin(`person-${worker}`)
      writes.push({ reason: reason ?? 'signed in', ms })
    }
  }
  await Promise.all([read(), read(), ...Array.from({ length: 8 }, (_, index) => write(index))])
  other.exec('ROLLBACK')
  other.close()
  const reasons = tally(writes.map(({ reason }) => reason))
  report('database busy', {
    reads: reads.length,
    read: spread(reads),
    writes: writes.length,
    refused: spread(writes.map(({ ms }) => ms)),
    reasons: JSON.stringify(reasons),
  })
  expect(Object.keys(reasons)).toEqual(['overloaded'])
  expect((await stage.miniLogin('ming')).reason).toBeNull()
  expect(stage.integrity()).toBe('ok')
  if (isLong) expect(percentile(reads, 0.99)).toBeLessThan(300)
})

it('a write that meets a short lock waits for it and succeeds', async () => {
  const stage = await setStage()
  await stage.signIn('ming')
  const other = new Sqlite(stage.file)
  other.exec('BEGIN IMMEDIATE')
  const waiting = stage.miniLogin('ming')
  await after(50)
  other.exec('ROLLBACK')
  other.close()
  expect((await waiting).reason).toBeNull()
})
