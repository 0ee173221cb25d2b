import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createGroupCommit } from './group-commit.ts'
import { createSnapshot } from './snapshot.ts'

function open(timeout = 0) {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-writer-'))
  const path = join(folder, 'test.db')
  const statements: string[] = []
  const sqlite = new Sqlite(path, { timeout, verbose: (sql) => statements.push(String(sql)) })
  sqlite.pragma('journal_mode = WAL')
  sqlite.exec('create table t (n integer primary key)')
  const other = new Sqlite(path, { timeout: 0 })
  onTestFinished(() => {
    sqlite.close()
    other.close()
    rmSync(folder, { recursive: true })
  })
  const insert = sqlite.prepare('insert into t values (?)')
  return {
    ...createGroupCommit(sqlite, createSnapshot(sqlite)),
    sqlite,
    insert: (n: number) => insert.run(n).changes,
    commits: () => statements.filter((sql) => sql === 'COMMIT').length,
    savepoints: () => statements.filter((sql) => sql.startsWith('SAVEPOINT')).length,
    /** How often a commit was tried. */
    tries: () => statements.filter((sql) => sql === 'pragma busy_timeout = 0').length,
    /** What another process sees. */
    committed: () => other.prepare('select n from t order by n').pluck().all(),
    other,
    busyTimeout: () => sqlite.pragma('busy_timeout', { simple: true }),
    close: () => sqlite.close(),
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

it('writes of one turn share one commit, and each gets its own answer', async () => {
  const t = open()
  const answers = await Promise.all([1, 2, 3].map((n) => t.write(() => [n, t.insert(n)])))
  expect(answers).toEqual([
    [1, 1],
    [2, 1],
    [3, 1],
  ])
  expect(t.commits()).toBe(1)
  expect(t.savepoints()).toBe(0)
})

it('a write without a waiting caller joins the next commit, or gets its own', async () => {
  const t = open()
  const later = t.writeLater(() => t.insert(1))
  await t.write(() => t.insert(2))
  expect(await later).toBe(1)
  expect(t.commits()).toBe(1)
  await Promise.all([3, 4].map((n) => t.writeLater(() => t.insert(n))))
  expect(t.commits()).toBe(2)
  expect(t.committed()).toEqual([1, 2, 3, 4])
})

it('writes for a later commit are in the file after the service ends', async () => {
  const t = open()
  const later = t.writeLater(() => t.insert(1))
  t.flush()
  expect(t.committed()).toEqual([1])
  expect(await later).toBe(1)
})

it('a write that throws is rolled back alone, and the others run again', async () => {
  const t = open()
  const [first, second, third] = await Promise.allSettled([
    t.write(() => t.insert(1)),
    t.write(() => {
      t.insert(2)
      throw new Error('no')
    }),
    t.write(() => t.insert(3)),
  ])
  expect([first?.status, second?.status, third?.status]).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
  ])
  expect(t.committed()).toEqual([1, 3])
  expect(t.savepoints()).toBe(3)
})

it('no write resolves before another process can see the commit', async () => {
  const t = open()
  expect(t.committed()).toEqual([])
  const seen = t.write(() => t.insert(1)).then(() => t.committed())
  expect(await seen).toEqual([1])
})

it('all are refused as overloaded while another process holds the lock, and none half done', async () => {
  const t = open()
  t.other.exec('BEGIN IMMEDIATE')
  const results = await Promise.allSettled([1, 2].map((n) => t.write(() => t.insert(n))))
  for (const result of results)
    expect(result).toMatchObject({ status: 'rejected', reason: { reason: 'overloaded' } })
  expect(() => t.writeNow(() => t.insert(3))).toThrow('overloaded')
  t.other.exec('COMMIT')
  expect(t.committed()).toEqual([])
  await t.write(() => t.insert(1))
  expect(t.committed()).toEqual([1])
})

it('a write waits for another process without holding up the event loop', async () => {
  const t = open(5_000)
  t.other.exec('BEGIN IMMEDIATE')
  const write = t.write(() => t.insert(1))
  // Turns of the loop in which the write is tried and put off.
  for (let turn = 0; turn < 100; turn++) await nextTurn()
  t.other.exec('COMMIT')
  expect(await write).toBe(1)
  expect(t.committed()).toEqual([1])
  // Starts and ends of the process may block, because no caller waits.
  expect(t.busyTimeout()).toBe(5_000)
})

it('a write of a process without callers waits longer for another process', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
  onTestFinished(() => clock.mockRestore())
  const t = open()
  t.waitForLocks(30_000)
  t.other.exec('BEGIN IMMEDIATE')
  const write = t.write(() => t.insert(1))
  await expect.poll(t.tries).toBeGreaterThan(0)
  clock.mockReturnValue(29_999)
  const tries = t.tries()
  // The one that runs may have read the time before.
  await expect.poll(t.tries).toBeGreaterThan(tries + 1)
  t.other.exec('COMMIT')
  expect(await write).toBe(1)
  expect(t.busyTimeout()).toBe(30_000)

  clock.mockReturnValue(0)
  t.other.exec('BEGIN IMMEDIATE')
  const refused = t.write(() => t.insert(3)).catch((error: unknown) => error)
  await nextTurn()
  clock.mockReturnValue(30_000)
  expect(await refused).toMatchObject({ reason: 'overloaded' })
  t.other.exec('COMMIT')
})

it('waiting writes can be committed at once, before the process ends', () => {
  const t = open()
  t.write(() => t.insert(1))
  t.flush()
  expect(t.committed()).toEqual([1])
})

it('a write whose database was closed meanwhile is refused, and nothing else suffers', async () => {
  const t = open()
  const late = t.write(() => t.insert(1))
  t.close()
  let isRefused = false
  late.catch(() => {
    isRefused = true
  })
  // Only a lock is waited for.
  for (let turn = 0; turn < 5; turn++) await nextTurn()
  expect(isRefused).toBe(true)
  await expect(late).rejects.toThrow('not open')
})

it('a full disk refuses as overloaded, undoes what it has begun, and writes again when there is room', async () => {
  const t = open()
  t.sqlite.exec('create table large (text)')
  const pages = t.sqlite.pragma('page_count', { simple: true })
  t.sqlite.pragma(`max_page_count = ${pages}`)
  const fill = () => t.sqlite.prepare('insert into large values (?)').run('x'.repeat(50_000))
  const results = await Promise.allSettled([t.write(() => t.insert(1)), t.write(fill)])
  expect(results).toMatchObject([
    { status: 'rejected', reason: { reason: 'overloaded', retryAfter: 1 } },
    { status: 'rejected', reason: { reason: 'overloaded', retryAfter: 1 } },
  ])
  expect(() => t.writeNow(fill)).toThrow(
    expect.objectContaining({ reason: 'overloaded', message: 'overloaded: SQLITE_FULL' }),
  )
  expect(t.committed()).toEqual([])
  t.sqlite.pragma('max_page_count = 1000000')
  expect(await t.write(() => t.insert(1))).toBe(1)
  expect(t.committed()).toEqual([1])
})

it('an error that is neither a lock nor a full disk is passed on as it is', async () => {
  const t = open()
  await t.write(() => t.insert(1))
  const again = t.write(() => t.insert(1))
  await expect(again).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' })
  expect(() => t.writeNow(() => t.insert(1))).toThrow(
    expect.objectContaining({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' }),
  )
})
