import { describe, expect, it } from 'vitest'
import type { SealedRow, Store } from '../../../src/store/store.ts'
import type { MakeStore } from './make-store.ts'
import { now, root, storeOptions } from './store-options.ts'

const range = { after: null, limit: 10, listed: root.ids }
const identity = (openid: string) => ({
  appId: 'wx1',
  openid,
  unionid: null,
  key: { sealed: `key of ${openid}`, fingerprint: `print of ${openid}` },
})

async function bindPhone({ identities }: Store, id: string, phone: string): Promise<void> {
  const session = {
    id,
    secret: 's',
    appId: 'wx1',
    device: null,
    createdAt: now,
    expiresAt: now + 1,
  }
  await identities.bindPhone({
    claim: { identity: identity(id), ticketHash: null },
    phone,
    proof: 'proof',
    user: { id, account: null, accountKey: null, passwordHash: null, createdAt: now },
    session,
    rules: { appIds: ['wx1'], phoneTrust: 1, now },
  })
}

export function describeSealedRows(make: MakeStore): void {
  describe('the sealed rows', () => {
    it('are read in pages, each row once', async () => {
      const { tickets, sealedRows } = await make(storeOptions())
      for (const name of ['a', 'b', 'c', 'd', 'e'])
        await tickets.issue({ hash: name, identity: identity(name), expiresAt: now + 60_000 }, now)
      const openids: string[] = []
      let after: string | number | null = null
      for (;;) {
        const page: readonly SealedRow<'tickets'>[] = await sealedRows.page('tickets', {
          ...range,
          after,
          limit: 2,
        })
        const last = page.at(-1)
        if (last === undefined) break
        after = last.position
        openids.push(...page.map(({ columns }) => columns.openid))
      }
      expect(openids.sort()).toEqual(['a', 'b', 'c', 'd', 'e'])
    })

    it('are replaced where they are as they were read, and left where they changed since', async () => {
      const { tickets, sealedRows } = await make(storeOptions())
      await tickets.issue({ hash: 'a', identity: identity('a'), expiresAt: now + 60_000 }, now)
      const [row] = await sealedRows.page('tickets', range)
      if (row === undefined) throw new Error('a ticket')
      const to = { sealed: 'again', fingerprint: 'other print' }
      expect(await sealedRows.replace('tickets', [{ row, to }])).toEqual(['done'])
      expect(await sealedRows.replace('tickets', [{ row, to }])).toEqual(['outdated'])
      expect(await sealedRows.replace('tickets', [{ row, to: null }])).toEqual(['outdated'])
      expect(await sealedRows.page('tickets', range)).toMatchObject([{ columns: to }])
    })

    it('a number that another user has too is left, and the rest is replaced', async () => {
      const store = await make(storeOptions())
      await bindPhone(store, 'ming', '13900000001')
      await bindPhone(store, 'hong', '13900000002')
      const rows = await store.sealedRows.page('users', range)
      const changes = rows.map((row) => ({ row, to: { sealed: 'again', phoneKey: 'one key' } }))
      expect((await store.sealedRows.replace('users', changes)).toSorted()).toEqual([
        'done',
        'taken',
      ])
    })

    it('what is discarded is gone, and its row stays where more than the sealed data is in it', async () => {
      const store = await make(storeOptions())
      await bindPhone(store, 'ming', '13900000001')
      await store.tickets.issue(
        { hash: 'a', identity: identity('lan'), expiresAt: now + 60_000 },
        now,
      )
      for (const table of ['users', 'tickets'] as const) {
        const [row] = await store.sealedRows.page(table, range)
        if (row === undefined) throw new Error(`${table} has a row`)
        expect(await store.sealedRows.replace(table, [{ row, to: null }] as never)).toEqual([
          'done',
        ])
        expect(await store.sealedRows.page(table, range)).toEqual([])
      }
      expect(await store.people.phoneOf('ming')).toBeNull()
      expect(await store.people.find('ming')).toMatchObject({ id: 'ming' })
      await store.sealedRows.erase()
    })
  })
}
