import { accountKey } from '@mianmi/core'
import type { PeopleFilter } from '@mianmi/core/admin'
import { describe, expect, it } from 'vitest'
import { addUser, type Draft, insertSession, insertUser, now, openAdminStores } from '../stores.ts'

type Wanted = Partial<Omit<PeopleFilter, 'search'>> & { text?: string; phone?: string }

/** A store with these people, and the ways to ask it. */
function openPeople(drafts: readonly Draft[]) {
  const { database, people } = openAdminStores()
  database.writeNow(() => {
    for (const draft of drafts) insertUser(database, draft)
  })
  const page = ({ text, phone = text, ...filter }: Wanted) =>
    people.list({
      limit: 10,
      ...filter,
      search:
        text === undefined ? null : { text, accountKey: accountKey(text), phone: phone ?? null },
    })
  /** Every page after the other. */
  const ids = async (wanted: Wanted): Promise<string[]> => {
    const { items, next } = await page(wanted)
    const here = items.map(({ id }) => id)
    return next === null ? here : [...here, ...(await ids({ ...wanted, cursor: next }))]
  }
  return { database, people, page, ids }
}

const numbered = (count: number, draft: (at: number) => Partial<Draft>): Draft[] =>
  Array.from({ length: count }, (_, at) => ({ id: `u${`${at}`.padStart(5, '0')}`, ...draft(at) }))

describe('a list of people', () => {
  it('is newest first, page by page, also where many came in one moment', async () => {
    const drafts = numbered(25, (at) => ({ createdAt: now + Math.floor(at / 10) }))
    const { page, ids } = openPeople(drafts)
    const all = drafts.map(({ id }) => id).reverse()
    expect(await ids({})).toEqual(all)
    expect((await page({ limit: 25 })).next).toBeNull()
  })

  it('tells of each person what is elsewhere', async () => {
    const { database, page } = openPeople([
      { id: 'a', account: 'anna', phone: '13912345678', identities: [['wx1'], ['wx2']] },
    ])
    database.writeNow(() => insertSession(database, 'a', 's1'))
    expect((await page({})).items).toEqual([
      {
        id: 'a',
        account: 'anna',
        phone: '139****5678',
        nickname: null,
        avatarUrl: null,
        role: 'user',
        createdAt: now,
        disabledAt: null,
        lastSeenAt: now + 5,
        appIds: ['wx1', 'wx2'],
      },
    ])
  })

  it('filters by all at once, and pages through what is left', async () => {
    const drafts = numbered(60, (at) => ({
      account: `${at % 2 === 0 ? 'anna' : 'bob'}${at}`,
      role: at % 3 === 0 ? 'admin' : 'user',
      disabledAt: at % 5 === 0 ? now : undefined,
      createdAt: now + at,
      identities: at % 4 === 0 ? [['wx1'], ['wx2']] : [['wx1']],
    }))
    const { ids } = openPeople(drafts)
    const those = (fits: (at: number) => boolean) =>
      drafts.filter((_, at) => fits(at)).map(({ id }) => id)
    const sorted = async (wanted: Wanted) => (await ids({ ...wanted, limit: 2 })).sort()
    expect(await sorted({ status: 'disabled' })).toEqual(those((at) => at % 5 === 0))
    expect(await sorted({ status: 'active' })).toEqual(those((at) => at % 5 !== 0))
    expect(await sorted({ role: 'admin', status: 'active' })).toEqual(
      those((at) => at % 3 === 0 && at % 5 !== 0),
    )
    expect(await sorted({ appId: 'wx2', role: 'user' })).toEqual(
      those((at) => at % 4 === 0 && at % 3 !== 0),
    )
    expect(await sorted({ text: 'ann', appId: 'wx2', status: 'disabled' })).toEqual(
      those((at) => at % 4 === 0 && at % 5 === 0),
    )
    expect(await sorted({ appId: 'wx3' })).toEqual([])
  })

  it('looks at no more rows for one page than it may, and goes on from there', async () => {
    const { database, page, ids } = openPeople([])
    database.writeNow(() =>
      database.sqlite.exec(`
        insert into users (id, nickname, disabled_at, created_at)
          with recursive n(i) as (select 0 union all select i + 1 from n where i < 5099)
          select printf('u%05d', i), iif(i = 0, 'Needle', 'Hay'), 1, i from n;
        insert into identities (app_id, openid, user_id, bound_at, sealed_key, key_fingerprint)
          select 'wx1', id, id, created_at, '', '' from users`),
    )
    const wanted: Wanted = { status: 'disabled', appId: 'wx1', text: 'h' }
    expect(await ids({ ...wanted, limit: 100 })).toHaveLength(5_099)
    const first = await page({ status: 'active', appId: 'wx1' })
    expect(first.items).toEqual([])
    expect(first.next).not.toBeNull()
    expect(await ids({ status: 'active', appId: 'wx1' })).toEqual([])
  })

  it('refuses a cursor that is none', async () => {
    const { page } = openPeople([])
    const made = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url')
    for (const cursor of ['nonsense', made([]), made(['disabled', 1, 'a']), made(['everyone', 1])])
      await expect(page({ cursor })).rejects.toMatchObject({ reason: 'invalid_input' })
  })
})

describe('finding people', () => {
  const drafts: Draft[] = [
    { id: 'a', account: 'annabel', nickname: '小明', identities: [['wx1'], ['wx2']] },
    { id: 'b', account: 'anna', phone: '13912345678' },
    { id: 'c', nickname: 'ANNika' },
    { id: 'd', account: '13912345678', nickname: 'Dan%' },
  ]

  it.each<[string, string, string[]]>([
    ['an id', 'c', ['c']],
    ['an openid of any app', 'openid of a in wx2', ['a']],
    ['a phone number, beside an account that is called the same', '13912345678', ['d', 'b']],
    ['how accounts begin, then how nicknames do', 'ann', ['b', 'a', 'c']],
    ['the same in capitals and full width', 'ＡＮＮ', ['b', 'a']],
    ['how a Chinese nickname begins', '小', ['a']],
    ['nothing in the middle of a name', 'nna', []],
    ['nothing by half a phone number', '1391234', ['d']],
    ['nothing by a wildcard', '%', []],
  ])('goes by %s', async (_, text, found) => {
    const { ids } = openPeople(drafts)
    expect(await ids({ text, limit: 1 })).toEqual(found)
    expect(await ids({ text })).toEqual(found)
  })

  it('finds one who has both names once', async () => {
    const { ids } = openPeople([{ id: 'e', account: 'eve', nickname: 'Eve' }])
    expect(await ids({ text: 'ev', limit: 1 })).toEqual(['e'])
  })
})

describe('looking after people', () => {
  const draft: Draft = { id: 'a', account: 'anna', phone: '13912345678', sessions: 3 }

  it('disables once, ending every session', async () => {
    const { database, people } = openPeople([draft, { id: 'b', sessions: 1 }])
    expect(await people.disable('a', now)).toBe(true)
    expect(await people.disable('a', now + 1)).toBe(true)
    expect(await people.find('a')).toMatchObject({ disabledAt: now, lastSeenAt: null })
    expect(database.sqlite.prepare('select user_id from sessions').pluck().all()).toEqual(['b'])
    expect(await people.enable('a')).toBe(true)
    expect(await people.find('a')).toMatchObject({ disabledAt: null })
  })

  it('knows nobody who is not there', async () => {
    const { people } = openPeople([])
    expect(await people.find('x')).toBeNull()
    expect(await people.disable('x', now)).toBe(false)
    expect(await people.enable('x')).toBe(false)
    expect(await people.phoneOf('x')).toBeNull()
    expect(await people.endSessions({ userId: 'x' })).toBe(0)
  })

  it('ends one session of the user, or all', async () => {
    const { people } = openPeople([draft, { id: 'b', sessions: 1 }])
    const ended = await Promise.all([
      people.endSessions({ userId: 'a', sessionId: 'a 0' }),
      people.endSessions({ userId: 'a', sessionId: 'a 0' }),
      people.endSessions({ userId: 'a', sessionId: 'b 0' }),
      people.endSessions({ userId: 'a' }),
    ])
    expect(ended).toEqual([1, 0, 0, 2])
  })

  it('puts a new key in the place of the old ones, unless a sign-in brought another', async () => {
    const { database, people } = openPeople([{ id: 'a', identities: [['wx1']] }])
    const to = { sealed: 'new', fingerprint: 'new print' }
    const keys = () =>
      database.sqlite
        .prepare('select sealed_key, key_fingerprint, previous_key from identities')
        .get()
    const before = keys()
    await people.replaceKeys({ userId: 'a', appId: 'wx1', from: 'another', to })
    expect(keys()).toEqual(before)
    await people.replaceKeys({ userId: 'a', appId: 'wx1', from: 'sealed', to })
    expect(keys()).toEqual({ sealed_key: 'new', key_fingerprint: 'new print', previous_key: null })
  })

  it('tells the number itself', async () => {
    const { database, people } = openPeople([draft])
    addUser(database, { id: 'b' })
    expect(await people.phoneOf('a')).toBe('13912345678')
    expect(await people.phoneOf('b')).toBeNull()
  })
})
