import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { createGroupCommit } from './group-commit.ts'
import { createSnapshot } from './snapshot.ts'

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-snapshot-'))
  const path = join(folder, 'test.db')
  const statements: string[] = []
  const sqlite = new Sqlite(path, { timeout: 0, verbose: (sql) => statements.push(String(sql)) })
  sqlite.pragma('journal_mode = WAL')
  sqlite.exec('create table t (n integer primary key)')
  const other = new Sqlite(path, { timeout: 0 })
  onTestFinished(() => {
    sqlite.close()
    other.close()
    rmSync(folder, { recursive: true })
  })
  const snapshot = createSnapshot(sqlite)
  const count = sqlite.prepare<[], number>('select count(*) from t').pluck()
  return {
    sqlite,
    other,
    snapshot,
    ...createGroupCommit(sqlite, snapshot),
    read: () => {
      snapshot.join()
      return count.get()
    },
    insert: (n: number) => sqlite.prepare('insert into t values (?)').run(n).changes,
    began: () => statements.filter((sql) => sql === 'begin').length,
  }
}

it('reads of one turn share one transaction, and the next turn has one of its own', async () => {
  const t = open()
  expect([t.read(), t.read(), t.read()]).toEqual([0, 0, 0])
  expect(t.began()).toBe(1)
  await nextTurn()
  expect(t.sqlite.inTransaction).toBe(false)
  expect(t.read()).toBe(0)
  expect(t.began()).toBe(2)
})

it('what another process commits is seen from the next turn on', async () => {
  const t = open()
  expect(t.read()).toBe(0)
  t.other.exec('insert into t values (1)')
  expect(t.read()).toBe(0)
  await nextTurn()
  expect(t.read()).toBe(1)
})

it('a write of this process is seen by the next read, and has its own commit', async () => {
  const t = open()
  expect(t.read()).toBe(0)
  t.writeNow(() => t.insert(1))
  expect(t.other.prepare('select n from t').pluck().all()).toEqual([1])
  expect(t.read()).toBe(1)
  const written = t.write(() => t.insert(2))
  expect(t.read()).toBe(1)
  await written
  expect(t.other.prepare('select n from t').pluck().all()).toEqual([1, 2])
  expect(t.read()).toBe(2)
})

it('another process that wrote since does not make our write fail', async () => {
  const t = open()
  expect(t.read()).toBe(0)
  t.other.exec('insert into t values (1)')
  await t.write(() => t.insert(2))
  expect(t.read()).toBe(2)
})

it('a read inside a write belongs to that write', async () => {
  const t = open()
  const seen = await t.write(() => {
    t.insert(1)
    return t.read()
  })
  expect(seen).toBe(1)
  expect(t.began()).toBe(0)
})

it('a database that is closed meanwhile is left alone', async () => {
  const t = open()
  t.read()
  t.sqlite.close()
  await nextTurn()
  t.snapshot.leave()
})

it('does not block a checkpoint', () => {
  const t = open()
  t.writeNow(() => t.insert(1))
  t.read()
  t.snapshot.leave()
  expect(t.sqlite.pragma('wal_checkpoint(TRUNCATE)')).toEqual([
    { busy: 0, log: 0, checkpointed: 0 },
  ])
})
