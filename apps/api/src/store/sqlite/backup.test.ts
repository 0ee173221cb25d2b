import {
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { Backup } from '../backup.ts'
import { backUp } from './backup.ts'

vi.mock('node:fs', { spy: true })

function makeDatabase() {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-backup-'))
  const from = join(folder, 'mianmi.db')
  const database = new Sqlite(from, { timeout: 0 })
  database.pragma('journal_mode = WAL')
  database.exec("create table people (name text); insert into people values ('ming')")
  onTestFinished(() => {
    database.close()
    rmSync(folder, { recursive: true })
  })
  return { folder, from, to: join(folder, 'copy.db'), database }
}

const countIn = (file: string) => {
  const copy = new Sqlite(file, { readonly: true })
  const counted = copy.prepare('select count(*) from people').pluck().get()
  copy.close()
  return counted
}

it('is one complete file, made while the database is open', async () => {
  const { folder, from, to } = makeDatabase()
  const made: Backup[] = []
  await backUp({ from, to }, (backup) => made.push(backup))
  expect(countIn(to)).toBe(1)
  expect(made).toMatchObject([{ path: to, bytes: 8192 }])
  expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual(['copy.db'])
})

it('is on disk before it has its name, and its name before the backup is done', async () => {
  const { folder, from, to } = makeDatabase()
  vi.clearAllMocks()
  const done = vi.fn<(backup: Backup) => void>()
  await backUp({ from, to }, done)
  const [renamed] = vi.mocked(renameSync).mock.calls
  expect(vi.mocked(openSync).mock.calls).toEqual([
    [renamed?.[0], 'r'],
    [folder, 'r'],
  ])
  const [copySynced, folderSynced, ...others] = vi.mocked(fsyncSync).mock.invocationCallOrder
  expect(others).toEqual([])
  const order = [
    copySynced,
    ...vi.mocked(renameSync).mock.invocationCallOrder,
    folderSynced,
    ...done.mock.invocationCallOrder,
  ]
  expect(order).toEqual(order.toSorted((a, b) => Number(a) - Number(b)))
})

it('blocks writes until it has reported that it is done', async () => {
  const { from, to, database } = makeDatabase()
  const write = () => database.exec("insert into people values ('hong')")
  await backUp({ from, to }, () => expect(write).toThrow('locked'))
  write()
  expect(countIn(from)).toBe(2)
  expect(countIn(to)).toBe(1)
})

it('blocks no write for a live copy', async () => {
  const { from, to, database } = makeDatabase()
  const startedAt = Date.now()
  const write = () => database.exec("insert into people values ('hong')")
  await backUp({ from, to, live: true }, ({ at, ms }) => {
    write()
    expect(at).toBeGreaterThanOrEqual(startedAt)
    expect(at + ms).toBeLessThanOrEqual(Date.now())
  })
  expect(countIn(from)).toBe(2)
  expect(countIn(to)).toBe(1)
})

it.each([
  ['its end', false, 1_250],
  ['its beginning, where writes go on', true, 1_000],
])('is as new as %s', async (_when, live, at) => {
  const { from, to } = makeDatabase()
  const clock = vi.spyOn(Date, 'now').mockReturnValueOnce(1_000).mockReturnValueOnce(1_250)
  onTestFinished(() => void clock.mockRestore())
  const done = vi.fn<(backup: Backup) => void>()
  await backUp({ from, to, live }, done)
  expect(done.mock.calls).toMatchObject([[{ at, ms: 250 }]])
})

it('overwrites no file, and creates no database', async () => {
  const { folder, from, to } = makeDatabase()
  writeFileSync(to, 'the backup of yesterday')
  await expect(backUp({ from, to }, () => {})).rejects.toThrow('exists already')
  const nowhere = join(folder, 'none.db')
  await expect(backUp({ from: nowhere, to: `${to}2` }, () => {})).rejects.toThrow()
  expect(readdirSync(folder)).not.toContain('none.db')
})

it('leaves no file when the copy is damaged', async () => {
  const { folder, from, to, database } = makeDatabase()
  database.unsafeMode(true)
  database.pragma('writable_schema = ON')
  database.exec("update sqlite_schema set rootpage = 99 where name = 'people'")
  await expect(backUp({ from, to }, () => {})).rejects.toThrow()
  expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual([])
})
