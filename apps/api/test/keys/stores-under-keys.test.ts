import type { Identity } from '@mianmi/core'
import { conflictKey } from '@mianmi/core/admin'
import { expect, it } from 'vitest'
import { reseal } from '../../src/reseal/reseal.ts'
import { openDatabase } from '../../src/store/sqlite/index.ts'
import { claimDatabase, UnlistedKeyError } from '../../src/tokens/claim-database.ts'
import { createPhoneSealer } from '../../src/tokens/phone-sealer.ts'
import { earlier } from '../store/earlier-migrations.ts'
import {
  bindPhone,
  file,
  hour,
  keys,
  now,
  open,
  phone,
  rowsOf,
  rules,
  sessionOf,
} from './keyed-stores.ts'

it('one number that two processes bind at once, with the keys in different orders, is one user', async () => {
  for (const round of [1, 2, 3, 4]) {
    const [one, other] = [open(keys.oldFirst), open(keys.newFirst)]
    const calls = Array.from({ length: 16 }, (_, index) =>
      bindPhone(index % 2 === 0 ? one : other, `${round}-${index}`),
    )
    const results = await Promise.all(calls)
    expect(results.filter(({ status }) => status === 'bound')).toHaveLength(1)
    expect(results.filter(({ status }) => status === 'phone_rejected')).toHaveLength(15)
    expect(rowsOf(one.database).filter(({ key }) => key !== null)).toHaveLength(1)
    one.database.sqlite.exec('delete from users')
  }
})

it('a number is found under every key, and is moved to the first one when it is proven again', async () => {
  await bindPhone(open(keys.onlyOld), 'ming')
  const stores = open(keys.newFirst)
  expect((await stores.users.findByPhone(phone))?.id).toBe('ming')
  const search = { text: phone, phone, accountKey: phone }
  const filter = { search, limit: 10 } as Parameters<typeof stores.people.list>[0]
  expect((await stores.people.list(filter)).items).toMatchObject([{ id: 'ming' }])
  expect(await stores.people.phoneOf('ming')).toBe(phone)
  const caller = { sessionId: 'session of ming', userId: 'ming', now }
  const provenBy = { appId: 'wx1', openid: 'openid of ming' }
  await stores.users.setPhone({ caller, provenBy, phone, rules })
  const [row] = rowsOf(stores.database)
  expect(row?.key).toBe(keys.onlyNew.mac('phone', phone))
  expect(keys.onlyNew.open('phone', row?.sealed ?? '', 'ming')).toBe(phone)
})

it('of two users whom an earlier version gave one number, the last to prove it has it', async () => {
  await bindPhone(open(keys.onlyOld), 'before')
  await bindPhone(open(keys.onlyNew), 'after')
  const stores = open(keys.newFirst)
  const prove = stores.database.sqlite.prepare('update users set phone_proven_at = ? where id = ?')
  for (const [at, id] of [
    [now + 1, 'before'],
    [now + 2, 'after'],
    [now + 3, 'before'],
  ] as const) {
    prove.run(at, id)
    expect((await stores.users.findByPhone(phone))?.id).toBe(id)
  }
})

it.each([
  ['before everything is sealed again', false],
  ['after everything was sealed again', true],
])('the undo of a merge returns the number %s', async (_when, isResealed) => {
  const before = open(keys.onlyOld)
  await bindPhone(before, 'gone')
  const { sqlite } = before.database
  sqlite.prepare("insert into users (id, created_at) values ('kept', 1)").run()
  const conflict = conflictKey({ unionid: 'u', firstUserId: 'kept', secondUserId: 'gone' })
  sqlite
    .prepare('insert into unionid_conflicts values (?, ?, ?, ?)')
    .run('u', conflict.firstUserId, conflict.secondUserId, now)
  const order = { ...conflict, keepUserId: 'kept' }
  const merge = { id: 'm', adminId: 'administrator', at: now, undoUntil: now + hour, rules }
  expect(await before.merges.merge(order, merge)).toMatchObject({ id: 'm' })
  const during = open(keys.newFirst)
  if (isResealed)
    expect(await reseal(during, keys.newFirst, { report: () => {} })).toMatchObject({
      isComplete: true,
    })
  const after = isResealed ? open(keys.onlyNew) : during
  expect(await after.merges.undo('m', rules)).toBe('undone')
  expect(await after.people.phoneOf('gone')).toBe(phone)
  expect(await after.people.phoneOf('kept')).toBeNull()
  const { key, sealed } = rowsOf(after.database)[0] ?? {}
  expect(key).toBe(keys.onlyNew.mac('phone', phone))
  expect(keys.onlyNew.open('phone', sealed ?? '', 'gone')).toBe(phone)
})

it('a merge under a new key leaves no fingerprint of the former one', async () => {
  const before = open(keys.onlyOld)
  await bindPhone(before, 'gone')
  const after = open(keys.newFirst)
  const { sqlite } = after.database
  sqlite.prepare("insert into users (id, created_at) values ('kept', 1)").run()
  sqlite.prepare("insert into unionid_conflicts values ('u', 'gone', 'kept', 1)").run()
  const order = { unionid: 'u', firstUserId: 'gone', secondUserId: 'kept', keepUserId: 'kept' }
  await after.merges.merge(order, { id: 'm', adminId: 'x', at: now, undoUntil: now + hour, rules })
  const kept = rowsOf(after.database).find(({ id }) => id === 'kept')
  expect(kept?.key).toBe(keys.onlyNew.mac('phone', phone))
  expect(keys.onlyNew.open('phone', kept?.sealed ?? '', 'kept')).toBe(phone)
})

it('a ticket that was sealed again after it was found binds with the new text', async () => {
  const before = open(keys.onlyOld)
  const owner = { appId: 'wx1', openid: 'openid of lan' }
  const issue = (hash: string, sessionKey: string) => {
    const identity = { ...owner, unionid: null, key: before.vault.seal(owner, sessionKey) }
    return before.tickets.issue({ hash, identity, expiresAt: now + hour }, now)
  }
  await issue('first', 'one')
  await issue('second', 'two')
  const after = open(keys.newFirst)
  const found = await after.tickets.find({
    hash: 'first',
    now,
    ttl: hour,
    maxTries: 5,
    replayMs: 1,
  })
  expect(await reseal(after, keys.newFirst, { report: () => {} })).toMatchObject({
    isComplete: true,
  })
  const claim = { identity: found?.identity as Identity, ticketHash: 'first' }
  const user = { id: 'lan', account: null, accountKey: null, passwordHash: null, createdAt: now }
  expect(await after.identities.register({ claim, user, session: sessionOf('lan') })).toMatchObject(
    {
      status: 'bound',
    },
  )
  const alone = open(keys.onlyNew)
  const kept = await alone.identities.sessionKeys({ userId: 'lan', appId: 'wx1' })
  expect(kept?.keys.map((sealed) => alone.vault.open(owner, sealed))).toEqual(['two', 'one'])
})

it('a database of an earlier version belongs to the keys that it has been started with', async () => {
  const { old } = earlier(6)
  const before = openDatabase(file, old, createPhoneSealer(keys.onlyOld))
  before.sqlite.prepare("insert into signing_keys values ('kid', ?, 'x', 1)").run(keys.onlyOld.id)
  before.close()
  const store = open(keys.newFirst)
  const { database } = store
  await expect(claimDatabase(store, keys.onlyNew, now)).rejects.toThrow(UnlistedKeyError)
  expect(database.sqlite.prepare('select id from root_keys').pluck().all()).toEqual([
    keys.onlyOld.id,
  ])
  for (const root of [keys.onlyOld, keys.newFirst, keys.oldFirst])
    await claimDatabase(store, root, now)
  await expect(claimDatabase(store, keys.onlyOld, now)).rejects.toThrow(UnlistedKeyError)
})
