import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { createCheckpoints } from './checkpoints.ts'

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-checkpoints-'))
  const path = join(folder, 'test.db')
  const sqlite = new Sqlite(path)
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('wal_autocheckpoint = 0')
  sqlite.exec('create table t (n integer primary key)')
  sqlite.pragma('wal_checkpoint(TRUNCATE)')
  const insert = sqlite.prepare('insert into t values (?)')
  onTestFinished(() => {
    sqlite.close()
    rmSync(folder, { recursive: true })
  })
  return {
    sqlite,
    checkpoints: createCheckpoints(path),
    insert: (n: number) => insert.run(n),
    logSize: () => statSync(`${path}-wal`).size,
    /** What stands in the database itself, without its log. */
    folded() {
      const alone = join(folder, 'alone.db')
      copyFileSync(path, alone)
      const copy = new Sqlite(alone, { readonly: true })
      try {
        return copy.prepare('select n from t order by n').pluck().all()
      } finally {
        copy.close()
      }
    },
  }
}

it('the log is checkpointed after 250 writes, and not at each commit', async () => {
  const t = open()
  t.insert(1)
  t.checkpoints.committed(249)
  await t.checkpoints.idle()
  expect(t.folded()).toEqual([])
  t.insert(2)
  t.checkpoints.committed(1)
  t.insert(3)
  await t.checkpoints.idle()
  expect(t.folded().slice(0, 2)).toEqual([1, 2])
  t.checkpoints.committed(250)
  await t.checkpoints.idle()
  expect(t.folded()).toEqual([1, 2, 3])
})

it('is truncated on demand, also after a running checkpoint', async () => {
  const t = open()
  t.insert(1)
  t.checkpoints.committed(250)
  await t.checkpoints.truncate()
  expect(t.logSize()).toBe(0)
  expect(t.folded()).toEqual([1])
})

it('is truncated once a blocking reader has ended', async () => {
  const t = open()
  t.sqlite.exec('begin')
  t.sqlite.prepare('select * from t').all()
  const other = new Sqlite(t.sqlite.name)
  other.exec('insert into t values (7)')
  const cut = t.checkpoints.truncate()
  setTimeout(() => t.sqlite.exec('commit'), 50)
  await cut
  expect(t.logSize()).toBe(0)
  other.close()
})

it('a failed checkpoint is reported with its reason, and nothing else fails', async () => {
  const t = open()
  const warned = once(process, 'warning')
  await createCheckpoints(`${t.sqlite.name}-nowhere`).truncate()
  expect(String(await warned)).toMatch(/no checkpoint: .*unable to open database file/)
  t.insert(1)
  await t.checkpoints.truncate()
  expect(t.folded()).toEqual([1])
})
