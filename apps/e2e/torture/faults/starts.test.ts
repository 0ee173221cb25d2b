import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { start } from '../../test/process.ts'
import { percentile, report } from '../stage/figures.ts'
import { rounds } from '../stage/length.ts'

const atOnce = 8

/** Starts eight on one new database; answers what they had in common. */
async function startTogether(folder: string) {
  const env = {
    NODE_ENV: 'production',
    PORT: '0',
    WECHAT_APPS: 'wx0000000000000001:secret',
    SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
    DATABASE_URL: `file:${join(folder, 'mianmi.db')}`,
  }
  const startedAt = performance.now()
  const all = Array.from({ length: atOnce }, () => start('service', { cwd: folder, env }))
  const ready = await Promise.allSettled(
    all.map(async ({ listening }) => (await fetch(`${await listening}/readyz`)).status),
  )
  const ms = performance.now() - startedAt
  await Promise.all(all.map((running) => running.stop()))
  return {
    ready: ready.filter((end) => end.status === 'fulfilled' && end.value === 200).length,
    ms,
  }
}

function look(folder: string) {
  const database = new Sqlite(join(folder, 'mianmi.db'))
  const count = (table: string) => database.prepare(`select count(*) from ${table}`).pluck().get()
  const migrations = [
    count('__drizzle_migrations'),
    count('(select distinct hash from __drizzle_migrations)'),
  ]
  const looked = {
    once: migrations[0] === migrations[1],
    keys: count('signing_keys'),
    journal: database.pragma('journal_mode', { simple: true }),
  }
  database.close()
  return looked
}

it('eight starts at once on one new database are all ready, and migrate it once', async () => {
  const times: number[] = []
  const wrong: object[] = []
  for (const _ of rounds({ short: 1, long: 50 })) {
    const folder = mkdtempSync(join(tmpdir(), 'mianmi-starts-'))
    const { ready, ms } = await startTogether(folder)
    const looked = { ready, ...look(folder) }
    const right = { ready: atOnce, once: true, keys: 1, journal: 'wal' }
    if (JSON.stringify(looked) !== JSON.stringify(right)) wrong.push(looked)
    times.push(ms)
    rmSync(folder, { recursive: true })
  }
  report('eight starts at once', {
    rounds: times.length,
    wrong: wrong.length,
    'max ms until all are ready': percentile(times, 1),
  })
  expect(wrong).toEqual([])
})
