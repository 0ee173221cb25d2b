import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { openTestDatabase } from '../../../test/database.ts'
import { createPhoneSealer } from '../../tokens/phone-sealer.ts'
import { createRootKey } from '../../tokens/root-key.ts'
import { openDatabase } from './database.ts'
import { originOf } from './origin.ts'

const migrations = fileURLToPath(new URL('../../../migrations/sqlite', import.meta.url))
const phones = createPhoneSealer(createRootKey(new Uint8Array(32)))

/** A database of mianmi that no service has open. */
function open() {
  const { database, path } = openTestDatabase()
  database.close()
  const sqlite = new Sqlite(path)
  onTestFinished(() => void sqlite.close())
  return { sqlite, path, origin: () => originOf(sqlite, migrations) }
}

it('knows a database of this version, of an older and of a newer one', () => {
  const { sqlite, origin } = open()
  expect(origin()).toBe('older')
  sqlite.exec('delete from __drizzle_migrations where id > 1')
  expect(origin()).toBe('older')
  sqlite.exec(`insert into __drizzle_migrations (hash, created_at) values ('f00', 9999999999999)`)
  expect(origin()).toBe('newer')
})

it('takes a first start that was killed for an empty database', () => {
  const sqlite = new Sqlite(':memory:')
  expect(originOf(sqlite, migrations)).toBe('empty')
  sqlite.exec(
    'create table __drizzle_migrations (id integer primary key autoincrement, hash text, created_at numeric)',
  )
  expect(originOf(sqlite, migrations)).toBe('empty')
})

it('opens no database of another program, and leaves it as it was', () => {
  const { sqlite, path, origin } = open()
  sqlite.exec('drop table __drizzle_migrations; pragma journal_mode = delete')
  expect(origin()).toBe('foreign')
  const tables = () => sqlite.prepare('select name from sqlite_master').all()
  const before = tables()
  expect(() => openDatabase(path, migrations, phones)).toThrow(
    /DATABASE_URL names .*test\.db, which cannot be opened: it is a database of another program$/,
  )
  expect(tables()).toEqual(before)
  expect(sqlite.pragma('journal_mode', { simple: true })).toBe('delete')
})
