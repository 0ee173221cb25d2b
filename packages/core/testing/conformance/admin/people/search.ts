import { expect, it } from 'vitest'
import type { BoundedCount, Page, PeopleFilter, Person } from '../../../../src/admin/index.ts'
import { accountKey } from '../../../../src/index.ts'
import { updateProfile } from '../../callers.ts'
import { now } from '../../drafts.ts'
import type { MakeStores, TestedStores } from '../../stores.ts'
import { addPeople, addPerson, openidOf, type PersonDraft } from './people.ts'

export type PeopleListQuery = Partial<Omit<PeopleFilter, 'search'>> & {
  text?: string
  phone?: string
}

export const listPage = ({ people }: TestedStores, query: PeopleListQuery): Promise<Page<Person>> =>
  people.list(filterOf(query))

export const countPeople = (
  { people }: TestedStores,
  query: PeopleListQuery,
): Promise<BoundedCount> => people.count(filterOf(query))

const filterOf = ({ text, phone = text, ...filter }: PeopleListQuery): PeopleFilter => ({
  limit: 10,
  ...filter,
  search:
    text === undefined
      ? null
      : {
          text,
          accountKey: accountKey(text),
          phone: phone ?? null,
          phoneEnd: /^\d{4}$/.test(text) ? text : null,
        },
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
    ['no middle of an account', 'nnabe', []],
    ['the middle of a nickname', 'nik', ['c']],
    ['the end of a nickname, in other case', 'KA', ['c']],
    ['one Chinese character in the middle', '明', ['a']],
    ['the last four digits of a number', '5678', ['b']],
    ['no other four digits of a number', '1234', []],
    ['no three digits of a number', '678', []],
    ['half a phone number, as a name only', '1391234', ['d']],
    ['a sign that is a wildcard elsewhere', '%', ['d']],
    ['no wildcard', '_', []],
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

  it('finds a user once in whose nickname the part comes several times, in the order of its first place', async () => {
    const stores = await make()
    await addPeople(stores, [
      { id: 'a', nickname: '明小明大明' },
      { id: 'b', nickname: '大明' },
      { id: 'c', nickname: 'Anan' },
    ])
    for (const limit of [1, 10]) {
      expect(await listIds(stores, { text: '明', limit })).toEqual(['b', 'a'])
      expect(await listIds(stores, { text: '大明', limit })).toEqual(['a', 'b'])
      expect(await listIds(stores, { text: 'AN', limit })).toEqual(['c'])
    }
  })

  it('finds accounts, then nicknames, then numbers, newest first, and each user once', async () => {
    const stores = await make()
    await addPeople(stores, [
      { id: 'a', phone: '13900005678', createdAt: now },
      { id: 'b', phone: '13800005678', createdAt: now + 2 },
      { id: 'c', phone: '13700005678', nickname: 'x5678', createdAt: now + 1 },
      { id: 'd', account: '56789', phone: '13600005678', nickname: '5678' },
      { id: 'e', phone: '13500005678', createdAt: now + 2 },
    ])
    for (const limit of [1, 2, 10])
      expect(await listIds(stores, { text: '5678', limit })).toEqual(['d', 'c', 'e', 'b', 'a'])
    expect(await listIds(stores, { text: '5678', role: 'admin' })).toEqual([])
    await stores.people.disable('b', now)
    expect(await listIds(stores, { text: '5678', status: 'disabled' })).toEqual(['b'])
  })

  it('follows each change of a nickname, and forgets it with its user', async () => {
    const stores = await make()
    await addPeople(stores, [
      { id: 'a', nickname: 'Anna' },
      { id: 'b', nickname: 'Hannah' },
    ])
    await updateProfile(stores, 'a', { nickname: '小安' })
    expect(await listIds(stores, { text: 'nna' })).toEqual(['b'])
    expect(await listIds(stores, { text: '安' })).toEqual(['a'])
    await updateProfile(stores, 'a', { nickname: null })
    expect(await listIds(stores, { text: '安' })).toEqual([])
    await stores.people.remove('b')
    expect(await listIds(stores, { text: 'nna' })).toEqual([])
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
