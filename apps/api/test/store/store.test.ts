import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  createIdentityStore,
  createLimitStore,
  createPeopleStore,
  createTicketStore,
  createUserStore,
  prepareUsers,
} from '../../src/store/sqlite/index.ts'
import { openTestDatabase } from '../database.ts'
import { expectUnreadable } from '../readable.ts'

const now = 1_800_000_000_000

interface Removing {
  readonly users: ReturnType<typeof createUserStore>
  readonly people: ReturnType<typeof createPeopleStore>
}

describe('the SQLite store', () => {
  it('survives a power cut: WAL with synchronous=FULL, on every open', () => {
    const { database, openAgain } = openTestDatabase()
    const settings = ({ sqlite }: typeof database) => [
      sqlite.pragma('journal_mode', { simple: true }),
      sqlite.pragma('synchronous', { simple: true }),
      sqlite.pragma('foreign_keys', { simple: true }),
    ]
    const second = openAgain()
    onTestFinished(() => second.close())
    expect(settings(database)).toEqual(['wal', 2, 1])
    expect(settings(second)).toEqual(['wal', 2, 1])
  })

  it('waits 250 ms for another process, overwrites what is deleted, and bounds its cache and its log', () => {
    const { sqlite } = openTestDatabase().database
    const names = ['busy_timeout', 'secure_delete', 'cache_size', 'wal_autocheckpoint']
    const settings = names.map((name) => sqlite.pragma(name, { simple: true }))
    // KiB where it is negative, then pages of 4 KiB.
    expect(settings).toEqual([250, 1, -24_576, 16_000])
  })

  it('keeps no phone number readable in its files, and ties it to its user', () => {
    const { database, path } = openTestDatabase()
    const users = prepareUsers(database)
    const draft = { account: null, accountKey: null, passwordHash: null, createdAt: 1 }
    const numbers = ['13912345678', '+85291234567']
    database.writeNow(() => {
      for (const [at, phone] of numbers.entries()) users.insert({ ...draft, id: `u${at}`, phone })
    })
    expect(users.byPhone('13912345678')?.phone).toBe('139****5678')
    const rows = database.sqlite
      .prepare<[], { id: string; phone_key: string; sealed_phone: string }>(
        'select id, phone_key, sealed_phone from users order by id',
      )
      .all()
    expect(rows.map(({ id, sealed_phone }) => database.phones.open(id, sealed_phone))).toEqual(
      numbers,
    )
    expect(() => database.phones.open('u1', rows[0]?.sealed_phone ?? '')).toThrow()
    for (const phone of numbers) {
      for (const file of [path, `${path}-wal`]) expectUnreadable(readFileSync(file), phone)
      for (const { phone_key, sealed_phone } of rows)
        for (const kept of [phone_key, sealed_phone])
          expectUnreadable(Buffer.from(kept, 'base64url'), phone)
    }
  })

  it.each([
    ['by a command', async ({ users }: Removing) => users.remove('ming')],
    [
      'by itself',
      async ({ users }: Removing) => {
        const caller = { sessionId: 'session', userId: 'ming', now }
        await users.removeCaller({ caller, provenBy: { appId: 'wx1', openid: 'openid-of-ming' } })
      },
    ],
    ['by an administrator', async ({ people }: Removing) => void (await people.remove('ming'))],
  ])('keeps nothing readable of a user who was removed %s', async (_by, remove) => {
    const { database, path } = openTestDatabase()
    const [users, people] = [createUserStore(database), createPeopleStore(database)]
    const account = 'account-of-ming'
    await createIdentityStore(database).register({
      claim: {
        identity: {
          appId: 'wx1',
          openid: 'openid-of-ming',
          unionid: null,
          key: { sealed: 'sealed', fingerprint: 'fingerprint' },
        },
        ticketHash: null,
      },
      user: { id: 'ming', account, accountKey: account, passwordHash: 'hash', createdAt: now },
      session: {
        id: 'session',
        appId: 'wx1',
        device: null,
        createdAt: now,
        expiresAt: now + 1,
        secret: 'secret',
      },
    })
    const files = () => Buffer.concat([path, `${path}-wal`].map((file) => readFileSync(file)))
    for (const secret of [account, 'openid-of-ming']) expect(files().includes(secret)).toBe(true)
    await remove({ users, people })
    expect(await users.findByAccount(account)).toBeNull()
    for (const secret of [account, 'openid-of-ming']) expectUnreadable(files(), secret)
  })

  it('counts the uses of a limit under a key that shows no account name and no address', async () => {
    const { database, path } = openTestDatabase()
    const subjects = ['account-of-ming', '203.0.113.77']
    const limits = createLimitStore(database)
    const use = { limit: 9, windowMs: 60_000, now: 0, unwritten: 0 }
    for (const subject of subjects)
      expect(await limits.spend({ ...use, key: `wrong password ${subject}` })).toBeNull()
    expect(database.sqlite.prepare('select count(*) from limits').pluck().get()).toBe(2)
    for (const subject of subjects)
      for (const file of [path, `${path}-wal`]) expectUnreadable(readFileSync(file), subject)
  })

  it('removes 20 expired rows with each new one, so that a table shrinks faster than it grows', async () => {
    const { database } = openTestDatabase()
    const tickets = createTicketStore(database)
    const key = { sealed: 's', fingerprint: 'f' }
    const identity = { appId: 'wx1', openid: 'o', unionid: null, key }
    let serial = 0
    const issue = async (now: number) => {
      await tickets.issue({ hash: `t${++serial}`, identity, expiresAt: now + 1 }, now)
      return database.sqlite.prepare('select count(*) from tickets').pluck().get()
    }
    for (let count = 1; count <= 45; count++) expect(await issue(1_000)).toBe(count)
    // 45 - 20 + 1, 26 - 20 + 1, and the 5 that are left.
    expect([await issue(3_000), await issue(3_000), await issue(3_000)]).toEqual([26, 7, 3])
  })

  it('refuses as overloaded while another process holds the write lock, and goes on after', async () => {
    const { database, openAgain } = openTestDatabase()
    const other = openAgain()
    onTestFinished(() => other.close())
    const limits = createLimitStore(database)
    const use = { key: 'k', limit: 1, windowMs: 1, now: 0, unwritten: 0 }
    other.sqlite.exec('BEGIN IMMEDIATE')
    await expect(limits.spend(use)).rejects.toMatchObject({ reason: 'overloaded', retryAfter: 1 })
    other.sqlite.exec('COMMIT')
    expect(await limits.spend(use)).toBeNull()
  })

  it('writes a window after its unwritten uses, and a restart resets no more than these', async () => {
    const { database } = openTestDatabase()
    const use = { key: 'k', limit: 5, windowMs: 60_000, now: 0, unwritten: 2 }
    const written = () => database.sqlite.prepare('select count from limits').pluck().all()
    const spend = async (limits: ReturnType<typeof createLimitStore>, uses: number) => {
      for (let each = 0; each < uses; each++) expect(await limits.spend(use)).toBeNull()
    }
    await spend(createLimitStore(database), 2)
    expect(written()).toEqual([])
    const restarted = createLimitStore(database)
    await spend(restarted, 3)
    expect(written()).toEqual([3])
    const again = createLimitStore(database)
    await spend(again, 2)
    expect(written()).toEqual([5])
    expect(await again.spend(use)).toEqual({ endsAt: 60_000 })
    expect(await createLimitStore(database).spend(use)).toEqual({ endsAt: 60_000 })
  })
})
