import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../../src/index.ts'
import { now, registerUser } from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'

const day = 24 * 3_600_000

const event: AuditEvent = {
  at: now,
  action: 'bind',
  outcome: 'ok',
  userId: 'user',
  appId: 'wx1',
  origin: { address: '203.0.113.7', device: 'Phone' },
}

const users = async ({ auditReader }: TestedStores) =>
  (await auditReader.list({ limit: 99 })).items.map(({ userId }) => userId)

export function describeAuditLog(make: MakeStores): void {
  describe('the audit log', () => {
    it('keeps every value of an event but whether it made a user', async () => {
      const { audit, auditReader } = await make()
      audit.record({ ...event, adminId: 'administrator', newUser: true })
      expect((await auditReader.list({ limit: 9 })).items).toEqual([
        {
          id: expect.any(Number),
          at: now,
          action: 'bind',
          outcome: 'ok',
          userId: 'user',
          adminId: 'administrator',
          appId: 'wx1',
          address: '203.0.113.7',
          device: 'Phone',
          count: 1,
        },
      ])
    })

    it('keeps null for what an event does not have', async () => {
      const { audit, auditReader } = await make()
      audit.record({ ...event, userId: null, appId: null, origin: null })
      expect((await auditReader.list({ limit: 9 })).items).toMatchObject([
        { userId: null, adminId: null, appId: null, address: null, device: null },
      ])
    })

    it('keeps events in the order in which they came', async () => {
      const stores = await make()
      for (const userId of ['a', 'b', 'c']) stores.audit.record({ ...event, userId })
      expect(await users(stores)).toEqual(['c', 'b', 'a'])
      for (const userId of ['d', 'e']) stores.audit.record({ ...event, userId })
      expect(await users(stores)).toEqual(['e', 'd', 'c', 'b', 'a'])
    })

    it('keeps an event for 190 days', async () => {
      const stores = await make()
      stores.audit.record({ ...event, userId: 'old' })
      stores.audit.record({ ...event, userId: 'new', at: now + 190 * day - 1 })
      expect(await users(stores)).toEqual(['new', 'old'])
    })

    it('drops an event after 190 days, when another one is recorded', async () => {
      const stores = await make()
      stores.audit.record({ ...event, userId: 'old' })
      stores.audit.record({ ...event, userId: 'new', at: now + 190 * day })
      expect(await users(stores)).toEqual(['new'])
    })

    it('drops lines in the order in which they were written', async () => {
      const stores = await make()
      // Written by a clock that was set back for a moment.
      for (const [userId, at] of [
        ['a', now],
        ['b', now - 300 * day],
        ['c', now],
      ] as const)
        stores.audit.record({ ...event, userId, at })
      expect(await users(stores)).toEqual(['c', 'a', 'b'])
      stores.audit.record({ ...event, userId: 'd', at: now + 190 * day })
      expect(await users(stores)).toEqual(['d'])
    })

    it('does not keep lines longer that follow one of a clock that was ahead', async () => {
      const stores = await make()
      for (const [userId, at] of [
        ['ahead', now + 400 * day],
        ['old', now],
        ['kept', now + day],
      ] as const)
        stores.audit.record({ ...event, userId, at })
      stores.audit.record({ ...event, userId: 'new', at: now + 190 * day })
      expect(await users(stores)).toEqual(['new', 'kept'])
    })

    it('keeps how many calls a line stands for, and counts only what is tallied', async () => {
      const stores = await make()
      const { audit, auditReader, statistics } = stores
      const refused = { ...event, userId: null, outcome: 'credential_rejected' } as const
      audit.record(refused)
      for (let call = 0; call < 3; call++) audit.tally(refused)
      audit.record({ ...refused, count: 3 })
      const { items } = await auditReader.list({ limit: 9 })
      expect(items.map(({ count }) => count)).toEqual([3, 1])
      expect(await statistics.actions({ from: '2020-01-01', to: '2099-12-31' })).toMatchObject([
        { action: 'bind', outcome: 'credential_rejected', count: 4 },
      ])
    })

    it('has a line when it was waited for, and counts a change when it has ended', async () => {
      const stores = await make()
      const change = { ...event, action: 'admin.people.disable' } as const
      await stores.audit.write({ ...change, outcome: 'started' })
      await stores.audit.write(change)
      const { items } = await stores.auditReader.list({ limit: 9 })
      expect(items.map(({ outcome }) => outcome)).toEqual(['ok', 'started'])
      expect(
        await stores.statistics.actions({ from: '2020-01-01', to: '2099-12-31' }),
      ).toMatchObject([{ count: 1 }])
    })

    it('finds the lines of a user by their id, as user and as administrator', async () => {
      const stores = await make()
      const { user } = await registerUser(stores)
      stores.audit.record({ ...event, userId: user.id })
      stores.audit.record({ ...event, userId: 'unknown', adminId: user.id })
      const { auditReader } = stores
      expect((await auditReader.list({ limit: 9 })).items).toMatchObject([
        { userId: 'unknown', adminId: user.id },
        { userId: user.id, adminId: null },
      ])
      for (const query of [{ userId: user.id }, { adminId: user.id }, { userId: 'unknown' }]) {
        expect((await auditReader.list({ ...query, limit: 9 })).items).toHaveLength(1)
        expect(await auditReader.count(query)).toBe(1)
      }
    })
  })
}
