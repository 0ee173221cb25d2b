import { copyFileSync, renameSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished, vi } from 'vitest'
import { openTestDatabase } from '../../../test/database.ts'
import { createHealth } from './health.ts'

/** The health over a real database, whose uptime a test sets, in ms. */
function open() {
  const time = { uptime: 0 }
  vi.spyOn(performance, 'now').mockImplementation(() => time.uptime)
  onTestFinished(() => void vi.restoreAllMocks())
  const { database, path } = openTestDatabase()
  const { sqlite, write } = database
  const pages = () => Number(sqlite.pragma('page_count', { simple: true }))
  return {
    ...{ database, path, time, health: createHealth(database) },
    fill: () => void sqlite.pragma(`max_page_count = ${pages()}`),
    makeSpace: () => void sqlite.pragma(`max_page_count = ${pages() + 1_000}`),
    insert: () =>
      write(() => sqlite.exec('insert into observed_time (id, at) values (7, zeroblob(40000))')),
    pages,
  }
}

it('a database whose last write failed on a full disk is not ready', async () => {
  const { health, fill, insert } = open()
  await health.ready()
  fill()
  await expect(insert()).rejects.toThrow('overloaded: SQLITE_FULL')
  await expect(health.ready()).rejects.toMatchObject({ code: 'SQLITE_FULL' })
})

it('a full disk that no call has met yet is found by a probe, from 30 s after the last commit on', async () => {
  const { health, fill, time } = open()
  fill()
  time.uptime = 29_999
  await health.ready()
  time.uptime = 30_000
  await expect(health.ready()).rejects.toThrow('SQLITE_FULL')
  time.uptime = 30_999
  await expect(health.ready()).rejects.toMatchObject({ code: 'SQLITE_FULL' })
})

it('it is ready again by itself, without a call of a user', async () => {
  const { health, fill, insert, makeSpace, time } = open()
  fill()
  await insert().catch(() => {})
  makeSpace()
  time.uptime = 999
  await expect(health.ready()).rejects.toMatchObject({ code: 'SQLITE_FULL' })
  time.uptime = 1_000
  await health.ready()
})

it('it is ready again at once after a write of a user', async () => {
  const { health, fill, insert, makeSpace } = open()
  fill()
  await insert().catch(() => {})
  makeSpace()
  await insert()
  await health.ready()
})

it('a file that takes no writes is not ready, and its error is not hidden', async () => {
  const { database, health, insert } = open()
  database.sqlite.pragma('query_only = 1')
  await expect(insert()).rejects.toMatchObject({ code: 'SQLITE_READONLY' })
  await expect(health.ready()).rejects.toMatchObject({ code: 'SQLITE_READONLY' })
})

it('an error of a call that is no fault of the disk changes nothing', async () => {
  const { database, health, insert } = open()
  await insert()
  await expect(insert()).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' })
  expect(database.commits.fault()).toBeNull()
  await health.ready()
})

it('a lock of another process, such as a backup, leaves it ready', async () => {
  const { health, path, time } = open()
  const other = new Sqlite(path)
  onTestFinished(() => void other.close())
  other.exec('begin immediate')
  time.uptime = 30_000
  const ready = health.ready()
  // The write gives up when it has waited for a second.
  await new Promise((resolve) => setImmediate(resolve))
  time.uptime = 32_000
  await ready
})

it('a probe leaves no row and, after the first, takes no more space', async () => {
  const { database, health, pages, time } = open()
  const probeAt = async (uptime: number) => {
    time.uptime = uptime
    await health.ready()
  }
  await probeAt(30_000)
  const before = pages()
  await probeAt(60_000)
  expect(pages()).toBe(before)
  expect(database.sqlite.prepare('select * from observed_time where id = 2').all()).toEqual([])
})

it('a file that was replaced or deleted while it is open is not ready', async () => {
  const { health, path } = open()
  renameSync(path, `${path}.before`)
  await expect(health.ready()).rejects.toThrow('was deleted or replaced while the service runs')
  copyFileSync(`${path}.before`, path)
  await expect(health.ready()).rejects.toThrow('was deleted or replaced')
  renameSync(`${path}.before`, path)
  await health.ready()
})
