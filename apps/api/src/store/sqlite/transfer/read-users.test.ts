import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { openTestDatabase } from '../../../../test/database.ts'
import { createPhoneSealer } from '../../../tokens/phone-sealer.ts'
import { createRootKey } from '../../../tokens/root-key.ts'
import { type Database, openDatabase } from '../database.ts'
import { readUsers } from './read-users.ts'

const migrations = fileURLToPath(new URL('../../../../migrations/sqlite', import.meta.url))
const request = { pageSize: 1, withPhone: false }

const addUser = ({ sqlite }: Database, id: string) =>
  sqlite.prepare('insert into users (id, created_at) values (?, 1)').run(id)

async function idsOf(database: Database, onPage = () => {}): Promise<string[]> {
  const ids: string[] = []
  for await (const page of readUsers(database, request)) {
    ids.push(...page.map(({ id }) => id))
    onPage()
  }
  return ids
}

it('a database in memory is read as it was, too', async () => {
  const database = openDatabase(
    ':memory:',
    migrations,
    createPhoneSealer(createRootKey(new Uint8Array(32))),
  )
  onTestFinished(database.close)
  addUser(database, 'a')
  addUser(database, 'b')
  const add = () =>
    database.sqlite.exec("insert or ignore into users (id, created_at) values ('c', 1)")
  expect(await idsOf(database, add)).toEqual(['a', 'b'])
  expect(await idsOf(database)).toEqual(['a', 'b', 'c'])
})

it('holds the log only until its reader has ended', async () => {
  const { database } = openTestDatabase()
  addUser(database, 'a')
  addUser(database, 'b')
  const busy = () => database.sqlite.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }]
  const found: number[] = []
  await idsOf(database, () => {
    database.sqlite.exec("update users set nickname = 'new'")
    found.push(busy()[0].busy)
  })
  expect(found).toEqual([1, 1])
  expect(busy()).toMatchObject([{ busy: 0, log: 0 }])
})
