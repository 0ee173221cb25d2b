import type { AuditEvent } from '@mianmi/core'
import { describe, expect, it } from 'vitest'
import { createRootKey } from '../../../src/tokens/root-key.ts'
import type { MakeStore } from './make-store.ts'
import { many, now, race, storeOptions } from './store-options.ts'

const event: AuditEvent = {
  at: now,
  action: 'sign_in',
  outcome: 'ok',
  userId: null,
  appId: 'wx1',
  origin: { address: '203.0.113.7', device: 'Phone' },
}
const command: AuditEvent = {
  ...event,
  action: 'command.create',
  appId: null,
  origin: { address: 'local', device: 'admin.js, user ming' },
}

export function describeAuditStore(make: MakeStore): void {
  describe('the chain of the audit log', () => {
    it('is started once by processes that start at once, and each adds to it', async () => {
      const stores = await race(3, () => make(storeOptions()))
      const starts = await Promise.all(stores.map(({ audit }) => audit.open()))
      expect(starts.filter(({ isNew }) => isNew)).toHaveLength(1)
      expect(starts.every(({ restartedAt }) => restartedAt === null)).toBe(true)
      await race(many * 3, (index) => stores[index % 3]?.audit.write(event) as Promise<void>)
      const verified = await stores[0]?.audit.verify()
      expect(verified).toMatchObject({ verified: many * 3, fault: null, restartedAt: null })
      expect(await stores[1]?.audit.head()).toEqual({
        id: verified?.last?.id,
        mac: verified?.mac,
      })
    })

    it('has what was recorded once it is flushed, in its order', async () => {
      const { audit, auditReader, flush } = await make(storeOptions())
      await audit.open()
      for (let index = 0; index < many; index++) audit.record({ ...event, at: now + index })
      await flush()
      const { items } = await auditReader.list({ limit: many })
      expect(items.map(({ at }) => at - now)).toEqual([7, 6, 5, 4, 3, 2, 1, 0])
      expect(await audit.verify()).toMatchObject({ verified: many, fault: null })
    })

    it('is not to be opened or verified under another SECRET_KEY', async () => {
      const { audit } = await make(storeOptions())
      await audit.open()
      const other = (await make(storeOptions(createRootKey(new Uint8Array(32).fill(2))))).audit
      expect(await other.sealedKey()).toBe(await audit.sealedKey())
      await expect(other.open()).rejects.toThrow('SECRET_KEY')
      await expect(other.verify()).rejects.toThrow('SECRET_KEY')
    })

    it('has nothing where it was not started', async () => {
      const { audit } = await make(storeOptions())
      expect([await audit.sealedKey(), await audit.head()]).toEqual([null, null])
      expect(await audit.newestDevice('system.keys')).toBeNull()
      expect(await audit.verify()).toMatchObject({ verified: 0, earlier: 0, fault: null })
    })

    it('takes each line that a command has left once, and marks it', async () => {
      const stores = await race(2, () => make(storeOptions()))
      await stores[0]?.audit.leave(command)
      await stores[0]?.audit.leave({ ...command, at: now + 1 })
      for (const { audit } of stores) await audit.open()
      await Promise.all(stores.map(({ audit }) => audit.takeInbox()))
      const page = await stores[0]?.auditReader.list({ limit: 10 })
      expect(page?.items.map(({ at, device }) => [at - now, device])).toEqual([
        [1, 'admin.js, user ming, without SECRET_KEY'],
        [0, 'admin.js, user ming, without SECRET_KEY'],
      ])
    })

    it('finds the newest line about the keys', async () => {
      const { audit } = await make(storeOptions())
      await audit.open()
      for (const [index, device] of ['first', 'second'].entries())
        await audit.write({
          ...command,
          action: 'system.keys',
          at: now + index,
          origin: { address: 'local', device },
        })
      expect(await audit.newestDevice('system.keys')).toBe('second')
    })
  })
}
