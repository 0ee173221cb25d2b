import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../../src/index.ts'
import { now } from '../drafts.ts'
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

    it('keeps an event for 180 days', async () => {
      const stores = await make()
      stores.audit.record({ ...event, userId: 'old' })
      stores.audit.record({ ...event, userId: 'new', at: now + 180 * day - 1 })
      expect(await users(stores)).toEqual(['new', 'old'])
    })

    it('drops an event after 180 days, when another one is recorded', async () => {
      const stores = await make()
      stores.audit.record({ ...event, userId: 'old' })
      stores.audit.record({ ...event, userId: 'new', at: now + 180 * day })
      expect(await users(stores)).toEqual(['new'])
    })
  })
}
