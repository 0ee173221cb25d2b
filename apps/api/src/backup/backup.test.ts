import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { type Backup, backUp } from './backup.ts'

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
