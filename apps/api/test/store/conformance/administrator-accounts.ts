import { describe, expect, it } from 'vitest'
import type { MakeStore } from './make-store.ts'
import { enrolment, many, newUser, now, race, storeOptions } from './store-options.ts'

export function describeAdministratorAccounts(make: MakeStore): void {
  describe('the accounts of administrators', () => {
    it('of starts at once one creates the first administrator', async () => {
      const stores = await race(2, () => make(storeOptions()))
      const added = await race(many, (index) => {
        const accounts = stores[index % 2]?.administratorAccounts
        const administrator = { user: newUser(`admin-${index}`), enrolment: enrolment('hash') }
        return accounts?.add(administrator, { first: true }) as Promise<string>
      })
      expect(added.filter((result) => result === 'created')).toHaveLength(1)
      expect(added.filter((result) => result === 'has_administrator')).toHaveLength(many - 1)
      expect(await stores[0]?.administratorAccounts.has()).toBe(true)
      expect(await stores[0]?.roles.list(now)).toHaveLength(1)
    })

    it('a name that is in use is not taken, by an administrator or by a user', async () => {
      const { administratorAccounts: accounts, users } = await make(storeOptions())
      expect(await accounts.has()).toBe(false)
      const added = await race(many, (index) =>
        accounts.addUser({ ...newUser('x', 'Ming'), id: `user-${index}` }),
      )
      expect(added.filter(Boolean)).toHaveLength(1)
      const administrator = { user: newUser('admin', 'ming'), enrolment: enrolment('hash') }
      for (const first of [true, false])
        expect(await accounts.add(administrator, { first })).toBe('account_taken')
      expect(await users.findByAccount('ming')).toMatchObject({ role: 'user' })
      expect(await accounts.has()).toBe(false)
    })

    it('a user who is no administrator gets neither a password nor an enrolment code', async () => {
      const { administratorAccounts: accounts, users } = await make(storeOptions())
      await accounts.addUser(newUser('ming'))
      for (const key of ['ming', 'nobody']) {
        expect(await accounts.setPassword(key, 'other hash')).toBeNull()
        expect(await accounts.resetFactor(key, enrolment('hash'))).toBeNull()
        expect(await accounts.renewEnrolment(key, enrolment('hash'))).toBe(false)
      }
      expect(await users.findPasswordHash('ming')).toBe('hash')
    })

    it('another password ends the console sessions, and another code replaces the factor', async () => {
      const { administratorAccounts: accounts, administrators, users } = await make(storeOptions())
      await accounts.add({ user: newUser('root'), enrolment: enrolment('first') }, { first: true })
      const open = (hash: string) =>
        administrators.open({
          hash,
          userId: 'root',
          factor: 'first',
          createdAt: now,
          lastSeenAt: now,
          expiresAt: now + 60_000,
          passwordFingerprint: 'print',
          pendingSecret: null,
        })
      await open('session')
      expect(await accounts.setPassword('root', 'other hash')).toMatchObject({ id: 'root' })
      expect(await administrators.find('session')).toBeNull()
      expect(await users.findPasswordHash('root')).toBe('other hash')
      await open('session 2')
      expect(await accounts.resetFactor('root', enrolment('second'))).toMatchObject({ id: 'root' })
      expect(await administrators.find('session 2')).toBeNull()
      expect(await administrators.secondFactorOf('root')).toBeNull()
    })

    it('who has neither a factor nor a valid code is listed', async () => {
      const { administratorAccounts: accounts } = await make(storeOptions())
      await accounts.add({ user: newUser('root'), enrolment: enrolment('hash') }, { first: true })
      expect(await accounts.listUnenrolled(now)).toEqual([])
      expect(await accounts.listUnenrolled(now + 60_000)).toEqual(['root'])
      const later = { hash: 'other', expiresAt: now + 120_000 }
      expect(await accounts.renewEnrolment('root', later)).toBe(true)
      expect(await accounts.listUnenrolled(now + 60_000)).toEqual([])
    })

    it('nothing is separated where no administrator has a WeChat identity', async () => {
      const { administratorAccounts: accounts, audit } = await make(storeOptions())
      await audit.open()
      await accounts.add({ user: newUser('root'), enrolment: enrolment('hash') }, { first: true })
      const tools = { newId: () => 'new', now: () => now }
      expect(await race(2, () => accounts.separate(tools))).toEqual([[], []])
      expect(await audit.head()).toBeNull()
    })
  })
}
