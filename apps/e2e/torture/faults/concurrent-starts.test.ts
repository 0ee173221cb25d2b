import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { start } from '../../test/start-process.ts'
import { isOnPostgres } from '../../test/under-test/database.ts'
import { percentile, report } from '../harness/figures.ts'
import { rounds } from '../harness/run-length.ts'

const concurrentStarts = 8

/** Starts eight processes on one new database. Returns how many became ready, and after how many ms. */
async function startConcurrently(folder: string) {
  const env = {
    NODE_ENV: 'production',
    PORT: '0',
    WECHAT_APPS: 'wx0000000000000001:secret',
    SECRET_KEY: Buffer.alloc(32, 'secret key 1').toString('base64'),
    DATABASE_URL: `file:${join(folder, 'mianmi.db')}`,
  }
  const startedAt = performance.now()
  const services = Array.from({ length: concurrentStarts }, () =>
    start('service', { cwd: folder, env }),
  )
  const ready = await Promise.allSettled(
    services.map(async ({ listening }) => (await fetch(`${await listening}/readyz`)).status),
  )
  const ms = performance.now() - startedAt
  await Promise.all(services.map((running) => running.stop()))
  return {
    ready: ready.filter((end) => end.status === 'fulfilled' && end.value === 200).length,
    ms,
  }
}

function inspectDatabase(folder: string) {
  const database = new Sqlite(join(folder, 'mianmi.db'))
  const count = (table: string) => database.prepare(`select count(*) from ${table}`).pluck().get()
  const migrations = [
    count('__drizzle_migrations'),
    count('(select distinct hash from __drizzle_migrations)'),
  ]
  const state = {
    migratedOnce: migrations[0] === migrations[1],
    keys: count('signing_keys'),
    journal: database.pragma('journal_mode', { simple: true }),
  }
  database.close()
  return state
}

// apps/api/test/store/postgres/migrations.test.ts does the same on PostgreSQL.
it.skipIf(isOnPostgres)(
  'eight concurrent starts on one new database all become ready, and migrate it once',
  async () => {
    const times: number[] = []
    const wrong: object[] = []
    for (const _ of rounds({ short: 1, long: 50 })) {
      const folder = mkdtempSync(join(tmpdir(), 'mianmi-starts-'))
      const { ready, ms } = await startConcurrently(folder)
      const actual = { ready, ...inspectDatabase(folder) }
      const expected = { ready: concurrentStarts, migratedOnce: true, keys: 1, journal: 'wal' }
      if (JSON.stringify(actual) !== JSON.stringify(expected)) wrong.push(actual)
      times.push(ms)
      rmSync(folder, { recursive: true })
    }
    report('eight concurrent starts', {
      rounds: times.length,
      wrong: wrong.length,
      'max ms until all are ready': percentile(times, 1),
    })
    expect(wrong).toEqual([])
  },
)
