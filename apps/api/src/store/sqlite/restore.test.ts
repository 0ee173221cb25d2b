import { execFileSync } from 'node:child_process'
import fs, {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AuditEvent } from '@mianmi/core'
import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished, vi } from 'vitest'
import { openTestDatabase, storeOf } from '../../../test/database.ts'
import { createPhoneSealer } from '../../tokens/phone-sealer.ts'
import { createRootKey } from '../../tokens/root-key.ts'
import { backUp } from './backup.ts'
import { openDatabase } from './database.ts'
import { markMoved, requireUnmoved } from './moved-mark.ts'
import { restoreFile } from './restore.ts'

const migrations = fileURLToPath(new URL('../../../migrations/sqlite', import.meta.url))
const phones = createPhoneSealer(createRootKey(new Uint8Array(32)))
const event: AuditEvent = {
  ...{ at: 5, userId: null, appId: null, origin: { address: 'local', device: 'test' } },
  action: 'command.restore',
  outcome: 'ok',
}

/** A database with a user, and a copy from before there was a second one. */
async function setUp() {
  const { database, path } = openTestDatabase()
  const folder = dirname(path)
  const copy = join(folder, 'copy.db')
  const addUser = (id: string) =>
    database.sqlite.exec(`insert into users (id, created_at) values ('${id}', 1)`)
  addUser('first')
  await backUp({ from: path, to: copy }, () => {})
  addUser('second')
  const usersIn = (file: string) => {
    const opened = new Sqlite(file, { readonly: true })
    const ids = opened.prepare<[], string>('select id from users order by id').pluck().all()
    opened.close()
    return ids
  }
  const names = () => readdirSync(folder).sort()
  const restore = (from = copy, to = path) => restoreFile({ from, to, migrations, event })
  return { database, path, folder, copy, usersIn, names, restore }
}

it('puts the copy in place, keeps the database before, and leaves no log beside either', async () => {
  const { database, path, copy, usersIn, names, restore } = await setUp()
  database.close()
  const { replaced, bytes } = await restore()
  expect(bytes).toBeGreaterThan(0)
  expect(names()).toEqual(
    ['copy.db', 'test.db', 'test.db.migrating', basename(replaced ?? '')].sort(),
  )
  expect(usersIn(path)).toEqual(['first'])
  expect(usersIn(replaced ?? '')).toEqual(['first', 'second'])
  expect(usersIn(copy)).toEqual(['first'])
})

it('is at no moment without a database: where the last step fails, the earlier one is still there', async () => {
  const { database, path, usersIn, names, restore } = await setUp()
  database.close()
  const before = [...names(), 'test.db.migrating']
  const { renameSync } = fs
  const rename = vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
    // The database is never moved away; it is replaced.
    expect(from).not.toBe(path)
    if (to === path) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
    renameSync(from, to)
  })
  syncBuiltinESMExports()
  try {
    await expect(restore()).rejects.toThrow('EIO')
  } finally {
    rename.mockRestore()
    syncBuiltinESMExports()
  }
  expect(names()).toEqual([...new Set(before)].sort())
  expect(usersIn(path)).toEqual(['first', 'second'])
})

it('removes what a restore has left that was ended by a signal', async () => {
  const { database, path, names, restore } = await setUp()
  database.close()
  for (const suffix of ['', '-wal', '-journal'])
    writeFileSync(`${path}.4711.unfinished${suffix}`, 'x')
  await restore()
  expect(names().filter((name) => name.includes('unfinished'))).toEqual([])
})

it('keeps the mode of the database, and restores the file that a link names', async () => {
  const { database, path, folder, copy, usersIn, restore } = await setUp()
  database.close()
  chmodSync(path, 0o640)
  const link = join(folder, 'link.db')
  symlinkSync(path, link)
  await restore(copy, link)
  expect(lstatSync(link).isSymbolicLink()).toBe(true)
  expect(statSync(path).mode & 0o777).toBe(0o640)
  expect(usersIn(link)).toEqual(['first'])
})

it('does not bring back what the log of a crashed service has', async () => {
  const { database, path, usersIn, restore } = await setUp()
  const log = readFileSync(`${path}-wal`)
  database.close()
  // A process that was killed leaves its log; SQLite would replay it into any file of this name.
  writeFileSync(`${path}-wal`, log)
  await restore()
  expect(existsSync(`${path}-wal`)).toBe(false)
  expect(usersIn(path)).toEqual(['first'])
})

it('refuses while a process has the database open, even one that does nothing', async () => {
  const { database, path, usersIn, names, restore } = await setUp()
  const before = names()
  await expect(restore()).rejects.toThrow('another process uses the database; stop the service')
  expect(names()).toEqual(before)
  expect(usersIn(path)).toEqual(['first', 'second'])
  database.close()
})

it('keeps a service from starting until the copy is in place', async () => {
  const { database, path, restore } = await setUp()
  database.close()
  const restoring = restore()
  const other = new Sqlite(`${path}.migrating`, { timeout: 0 })
  onTestFinished(() => void other.close())
  expect(() => other.exec('begin exclusive')).toThrow('locked')
  await restoring
  other.exec('begin exclusive; rollback')
})

it('replaces a damaged database, and creates a missing one', async () => {
  const { database, path, usersIn, restore } = await setUp()
  database.close()
  writeFileSync(path, 'x'.repeat(10_000))
  const { replaced } = await restore()
  expect(usersIn(path)).toEqual(['first'])
  expect(readFileSync(replaced ?? '', 'utf8')).toBe('x'.repeat(10_000))
  rmSync(path)
  expect((await restore()).replaced).toBeNull()
  expect(usersIn(path)).toEqual(['first'])
})

it.each<[string, (file: string) => void, RegExp]>([
  ['is missing', (file) => rmSync(file), /copy\.db: there is no such file$/],
  ['is no database', (file) => writeFileSync(file, 'x'.repeat(9_000)), /not a SQLite database/],
  [
    'is a database of another program',
    (file) => {
      rmSync(file)
      const other = new Sqlite(file)
      other.exec('create table users (id text)')
      other.close()
    },
    /is no database of mianmi$/,
  ],
  [
    'is a database of another program with the same migrator',
    (file) => {
      rmSync(file)
      const other = new Sqlite(file)
      other.exec(`create table users (id text);
        create table __drizzle_migrations (id integer primary key, hash text, created_at numeric);
        insert into __drizzle_migrations (hash, created_at) values ('f00', 9999999999999)`)
      other.close()
    },
    /is no database of mianmi$/,
  ],
  [
    'is a pipe',
    (file) => {
      rmSync(file)
      execFileSync('mkfifo', [file])
    },
    /copy\.db is no regular file$/,
  ],
  [
    'is a folder',
    (file) => {
      rmSync(file)
      mkdirSync(file)
    },
    /copy\.db is no regular file$/,
  ],
  [
    'is damaged',
    (file) => {
      const bytes = readFileSync(file)
      writeFileSync(file, bytes.fill(0x5a, 8_192, 40_960))
    },
    /damaged/,
  ],
])('refuses a copy that %s, and leaves everything as it was', async (_what, spoil, message) => {
  const { database, path, copy, usersIn, names, restore } = await setUp()
  database.close()
  spoil(copy)
  const before = names()
  await expect(restore()).rejects.toThrow(message)
  expect(names()).toEqual(before)
  expect(usersIn(path)).toEqual(['first', 'second'])
})

it('refuses a folder that does not exist, and a path that is a folder', async () => {
  const { database, folder, copy, restore } = await setUp()
  database.close()
  await expect(restore(copy, join(folder, 'no', 'm.db'))).rejects.toThrow('folder does not exist')
  mkdirSync(join(folder, 'd'))
  await expect(restore(copy, join(folder, 'd'))).rejects.toThrow('it is a folder')
})

it('says where a newer version made the copy', async () => {
  const { database, folder, copy, restore } = await setUp()
  database.close()
  expect((await restore(copy, join(folder, 'same.db'))).isNewer).toBe(false)
  const newer = new Sqlite(copy)
  newer.exec(`insert into __drizzle_migrations (hash, created_at) values ('f00', 9999999999999)`)
  newer.close()
  expect((await restore(copy, join(folder, 'newer.db'))).isNewer).toBe(true)
})

it('leaves a line for the audit log', async () => {
  const { database, path, restore } = await setUp()
  database.close()
  await restore()
  const restored = openDatabase(path, migrations, phones)
  onTestFinished(() => restored.close())
  const { audit } = storeOf(restored)
  await audit.open()
  await audit.takeInbox()
  expect(restored.sqlite.prepare('select action, outcome, at from audit_events').all()).toEqual([
    { action: 'command.restore', outcome: 'ok', at: 5 },
  ])
})

it('makes a database usable again that was moved to PostgreSQL', async () => {
  const { database, path, usersIn, restore } = await setUp()
  database.close()
  markMoved(path)
  const check = () => {
    const sqlite = new Sqlite(path)
    try {
      requireUnmoved(sqlite)
    } finally {
      sqlite.close()
    }
  }
  expect(check).toThrow(/moved to PostgreSQL .* admin\.js restore .*test\.db$/)
  await restore(path)
  expect(check).not.toThrow()
  expect(usersIn(path)).toEqual(['first', 'second'])
})
