import { expect, it } from 'vitest'
import type { ExportedUser } from '../../../src/transfer/index.ts'
import { blankImport } from '../../blank-import.ts'
import { mergePair, openPair, orderOf } from '../admin/merges/merge-drafts.ts'
import { addPeople } from '../admin/people/people.ts'
import { setPhone } from '../callers.ts'
import { newUser, registerUser, rules, unique } from '../drafts.ts'
import type { MakeStores } from '../stores.ts'
import { draft, exported, fullUser, importOne } from './import-drafts.ts'

export function exportsConform(make: MakeStores): void {
  it('goes through all users by their ids, a page at a time', async () => {
    const stores = await make()
    const ids = ['B', 'a', 'C', 'b', 'A', '_', '-', '1'].map((id) => `id${id}`)
    await stores.transfer.importUsers(ids.map((id) => draft({ id })))
    const sorted = ids.toSorted((one, other) => (one < other ? -1 : 1))
    const pages: string[][] = []
    for await (const page of stores.transfer.exportUsers({ pageSize: 3, withPhone: false }))
      pages.push(page.map(({ id }) => id))
    expect(pages).toEqual([sorted.slice(0, 3), sorted.slice(3, 6), sorted.slice(6)])
    expect(await exported(stores, { pageSize: 4 })).toHaveLength(8)
    expect(await exported(await make())).toEqual([])
  })

  it('lists the identities of a user by app', async () => {
    const stores = await make()
    const identities = ['wx2', 'wx1', 'wx3'].map((appId) => ({
      appId,
      openid: unique('openid'),
      unionid: null,
    }))
    await importOne(stores, { id: 'a', identities })
    const [user] = await exported(stores)
    expect(user?.identities.map(({ appId }) => appId)).toEqual(['wx1', 'wx2', 'wx3'])
  })

  it('has a number only where it is asked for', async () => {
    const stores = await make()
    await importOne(stores, fullUser())
    const [user] = await exported(stores, { withPhone: false })
    expect(user).toMatchObject({ phone: null, phoneProvenAt: null, nickname: '小明' })
  })

  it('has no user who was merged into another one', async () => {
    const stores = await openPair(make)
    await mergePair(stores)
    expect((await exported(stores)).map(({ id }) => id)).toEqual(['kept'])
  })

  it('has all users as they were at its first page, beside a merge, a moved number and an import', async () => {
    const identities = [['wx2']] as const
    const stores = await openPair(make, {
      kept: { account: 'late', phone: '13900000001', identities },
    })
    await importOne(stores, { id: 'a', account: 'first', phone: '13900000002' })
    await addPeople(stores, [{ id: 'z' }])
    const before = await exported(stores)
    expect(before.map(({ id }) => id)).toEqual(['a', 'gone', 'kept', 'z'])
    const found: ExportedUser[] = []
    for await (const page of stores.transfer.exportUsers({ pageSize: 1, withPhone: true })) {
      found.push(...page)
      if (page[0]?.id === 'a') {
        await stores.people.clearPhone('a', rules)
        await setPhone(stores, 'z', '13900000002')
      }
      if (page[0]?.id === 'gone') await mergePair(stores, 'm1', orderOf('gone', 'kept'))
      if (page[0]?.id === 'kept') await importOne(stores, { id: 'zz' })
    }
    expect(found).toEqual(before)
    const after = await exported(stores)
    expect(after.map(({ id, phone }) => `${id} ${phone}`)).toEqual([
      'a null',
      'gone 13900000001',
      'z 13900000002',
      'zz null',
    ])
  })

  it('ends where its reader stops, or throws', async () => {
    const stores = await make()
    await stores.transfer.importUsers([draft({ id: 'a' }), draft({ id: 'b' })])
    const first = async () => {
      for await (const [user] of stores.transfer.exportUsers({ pageSize: 1, withPhone: true }))
        return user?.id
      return null
    }
    const failing = async () => {
      for await (const _ of stores.transfer.exportUsers({ pageSize: 1, withPhone: true }))
        throw new Error('the reader is gone')
    }
    expect(await first()).toBe('a')
    await expect(failing()).rejects.toThrow('the reader is gone')
    expect(await exported(stores)).toHaveLength(2)
  })

  it('has a user of the service itself', async () => {
    const stores = await make()
    const user = newUser()
    const { identity } = await registerUser(stores, { user })
    const { appId, openid, unionid } = identity
    expect(await exported(stores)).toEqual([
      {
        ...blankImport,
        id: user.id,
        account: user.account,
        passwordHash: user.passwordHash,
        identities: [{ appId, openid, unionid }],
        createdAt: user.createdAt,
      },
    ])
  })
}
