import { expect, it } from 'vitest'
import { newIdentity, now, signIn } from '../../drafts.ts'
import type { MakeStores } from '../../stores.ts'
import { addPeople, addPerson, openidOf } from './people.ts'
import { countPeople, listIds, listPage, type PeopleListQuery } from './search.ts'

export function sortsConform(make: MakeStores): void {
  const drafts = [
    { id: 'a', account: 'zoe', createdAt: now + 1 },
    { id: 'b', account: 'bob', createdAt: now + 3, disabledAt: now },
    { id: 'c', createdAt: now + 2 },
    { id: 'd', account: '小明', createdAt: now + 2, role: 'admin' },
    { id: 'e', account: 'anna', createdAt: now + 2, disabledAt: now },
  ] as const

  it.each<[PeopleListQuery, string[]]>([
    [{ sort: 'newest' }, ['b', 'e', 'd', 'c', 'a']],
    [{ sort: 'oldest' }, ['a', 'c', 'd', 'e', 'b']],
    [{ sort: 'oldest', status: 'disabled' }, ['e', 'b']],
    [{ sort: 'oldest', status: 'active' }, ['a', 'c', 'd']],
    [{ sort: 'oldest', role: 'admin' }, ['d']],
    // Those who have an account name.
    [{ sort: 'account' }, ['e', 'b', 'a', 'd']],
    [{ sort: 'account', status: 'disabled' }, ['e', 'b']],
    // A search has an order of its own.
    [{ sort: 'oldest', text: 'b' }, ['b']],
  ])('orders by %j, page by page', async (query, ids) => {
    const stores = await make()
    await addPeople(stores, drafts)
    for (const limit of [1, 2, 10]) expect(await listIds(stores, { ...query, limit })).toEqual(ids)
  })

  it('orders the users of one app by when they were bound in it', async () => {
    const stores = await make()
    for (const [id, at] of [
      ['a', 3],
      ['b', 1],
      ['c', 2],
    ] as const) {
      await addPerson(stores, { id, createdAt: now + at })
      await signIn(stores, newIdentity({ openid: openidOf(id, 'wx1') }), { createdAt: now + 9 })
    }
    const query = { appId: 'wx1', sort: 'oldest', limit: 1 } as const
    expect(await listIds(stores, query)).toEqual(['b', 'c', 'a'])
  })

  it('refuses a cursor that it did not make', async () => {
    const stores = await make()
    for (const sort of ['oldest', 'account'] as const)
      for (const cursor of ['nonsense', '["everyone",1]', '["accounts",1,""]'])
        await expect(listPage(stores, { sort, cursor })).rejects.toMatchObject({
          reason: 'invalid_input',
        })
  })
}

export function countConforms(make: MakeStores): void {
  it('counts up to the limit, and says whether there are more', async () => {
    const stores = await make()
    await addPeople(stores, [
      { id: 'a', account: 'anna', disabledAt: now },
      { id: 'b', nickname: 'Anna', disabledAt: now },
      { id: 'c', nickname: 'Hannah' },
      { id: 'd', phone: '13912345678', identities: [['wx1'], ['wx2']] },
    ])
    const count = (query: PeopleListQuery) => countPeople(stores, query)
    expect(await count({ limit: 4 })).toEqual({ value: 4, isExact: true })
    expect(await count({ limit: 3 })).toEqual({ value: 3, isExact: false })
    expect(await count({ status: 'disabled' })).toEqual({ value: 2, isExact: true })
    expect(await count({ appId: 'wx2' })).toEqual({ value: 1, isExact: true })
    expect(await count({ text: 'ann' })).toEqual({ value: 3, isExact: true })
    expect(await count({ text: 'ann', limit: 2 })).toEqual({ value: 2, isExact: false })
    expect(await count({ text: 'ann', status: 'active' })).toEqual({ value: 1, isExact: true })
    // Found as a whole number.
    expect(await count({ text: '13912345678' })).toEqual({ value: 1, isExact: true })
    expect(await count({ text: 'nobody' })).toEqual({ value: 0, isExact: true })
    expect(await count({ sort: 'account' })).toEqual({ value: 1, isExact: true })
  })
}
