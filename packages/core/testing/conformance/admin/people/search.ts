import { expect, it } from 'vitest'
import type { Page, PeopleFilter, Person } from '../../../../src/admin/index.ts'
import { accountKey } from '../../../../src/index.ts'
import { now } from '../../drafts.ts'
import type { MakeStores, TestedStores } from '../../stores.ts'
import { addPeople, addPerson, openidOf, type PersonDraft } from './people.ts'

export type PeopleListQuery = Partial<Omit<PeopleFilter, 'search'>> & {
  text?: string
  phone?: string
}

export const listPage = (
  { people }: TestedStores,
  { text, phone = text, ...filter }: PeopleListQuery,
): Promise<Page<Person>> =>
  people.list({
    limit: 10,
    ...filter,
    search:
      text === undefined ? null : { text, accountKey: accountKey(text), phone: phone ?? null },
  })

/** The ids of every page, one after the other. */
export async function listIds(stores: TestedStores, wanted: PeopleListQuery): Promise<string[]> {
  const { items, next } = await listPage(stores, wanted)
  const ids = items.map(({ id }) => id)
  return next === null ? ids : [...ids, ...(await listIds(stores, { ...wanted, cursor: next }))]
}

export function searchConforms(make: MakeStores): void {
  const drafts: PersonDraft[] = [
    { id: 'a', account: 'annabel', nickname: '小明', identities: [['wx1'], ['wx2']] },
    { id: 'b', account: 'anna', phone: '13912345678', createdAt: now + 1 },
    { id: 'c', nickname: 'ANNika' },
    { id: 'd', account: '13912345678', nickname: 'Dan%', createdAt: now + 2 },
  ]

  it.each<[string, string, string[]]>([
    ['an id', 'c', ['c']],
    ['an openid of any app', openidOf('a', 'wx2'), ['a']],
    ['a phone number, beside an account of the same name', '13912345678', ['d', 'b']],
    ['the beginning of accounts, then of nicknames', 'ann', ['b', 'a', 'c']],
    ['the same in capitals and full width', 'ＡＮＮ', ['b', 'a']],
    ['a nickname in other case', 'annI', ['c']],
    ['the beginning of a Chinese nickname', '小', ['a']],
    ['nothing in the middle of a name', 'nna', []],
    ['half a phone number, as a name only', '1391234', ['d']],
    ['no wildcard', '%', []],
  ])('finds by %s', async (_, text, found) => {
    const stores = await make()
    await addPeople(stores, drafts)
    expect(await listIds(stores, { text, limit: 1 })).toEqual(found)
    expect(await listIds(stores, { text })).toEqual(found)
  })

  it('finds a user once whose account and nickname both begin like that', async () => {
    const stores = await make()
    await addPerson(stores, { id: 'e', account: 'eve', nickname: 'Eve' })
    expect(await listIds(stores, { text: 'ev', limit: 1 })).toEqual(['e'])
  })

  it('applies the other filters to what is found exactly', async () => {
    const stores = await make()
    await addPeople(stores, drafts)
    await stores.people.disable('b', now)
    const text = '13912345678'
    expect(await listIds(stores, { text, status: 'active' })).toEqual(['d'])
    expect(await listIds(stores, { text, status: 'disabled' })).toEqual(['b'])
    expect(await listIds(stores, { text, role: 'admin' })).toEqual([])
    expect(await listIds(stores, { text, appId: 'wx2' })).toEqual([])
  })
}
