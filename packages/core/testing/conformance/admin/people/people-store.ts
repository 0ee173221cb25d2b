import { describe, expect, it } from 'vitest'
import { hour, newIdentity, now, race, signIn } from '../../drafts.ts'
import type { MakeStores } from '../../stores.ts'
import { clearingConforms } from './clearing.ts'
import { notesConform } from './notes.ts'
import { addPeople, addPerson, openidOf, type PersonDraft } from './people.ts'
import { listIds, listPage, type PeopleListQuery, searchConforms } from './search.ts'
import { countConforms, sortsConform } from './sorts.ts'

export function describePeopleStore(make: MakeStores): void {
  describe('the people store', () => {
    describe('list', () => listConforms(make))
    describe('list with a sort', () => sortsConform(make))
    describe('list with a search', () => searchConforms(make))
    describe('count', () => countConforms(make))
    describe('find and bindings', () => readsConform(make))
    describe('disable, enable and endSessions', () => endingConforms(make))
    describe('phoneOf and replaceKeys', () => secretsConform(make))
    describe('clearing and removing', () => clearingConforms(make))
    describe('notes', () => notesConform(make))
  })
}

const numbered = (count: number, draft: (at: number) => Partial<PersonDraft>): PersonDraft[] =>
  Array.from({ length: count }, (_, at) => ({ id: `u${`${at}`.padStart(3, '0')}`, ...draft(at) }))

function listConforms(make: MakeStores): void {
  it('is newest first, page by page, also where many users were made in one moment', async () => {
    const stores = await make()
    const drafts = numbered(12, (at) => ({ createdAt: now + Math.floor(at / 5) }))
    await addPeople(stores, drafts)
    const all = drafts.map(({ id }) => id).reverse()
    expect(await listIds(stores, { limit: 5 })).toEqual(all)
    expect((await listPage(stores, { limit: 12 })).next).toBeNull()
    expect((await listPage(stores, { limit: 11 })).next).not.toBeNull()
  })

  it('goes on behind the last page where users were made since', async () => {
    const stores = await make()
    await addPeople(
      stores,
      numbered(4, (at) => ({ createdAt: now + at })),
    )
    const { next } = await listPage(stores, { limit: 2 })
    await addPerson(stores, { id: 'new', createdAt: now + 9 })
    expect(await listIds(stores, { limit: 2, cursor: next ?? '' })).toEqual(['u001', 'u000'])
  })

  it('shows each user as it is', async () => {
    const stores = await make()
    const identities = [['wx2'], ['wx1']] as const
    await addPerson(stores, {
      id: 'anna',
      account: 'anna',
      phone: '13912345678',
      nickname: 'Anna',
      identities,
    })
    await signIn(stores, newIdentity({ openid: openidOf('anna', 'wx1') }), { createdAt: now + 5 })
    expect((await listPage(stores, {})).items).toEqual([
      {
        id: 'anna',
        account: 'anna',
        phone: '139****5678',
        nickname: 'Anna',
        avatarUrl: null,
        role: 'user',
        createdAt: now,
        disabledAt: null,
        externalId: null,
        lastSeenAt: now + 5,
        appIds: ['wx1', 'wx2'],
      },
    ])
  })

  it('filters by all filters at once', async () => {
    const stores = await make()
    const drafts = numbered(24, (at) => ({
      account: `${at % 2 === 0 ? 'anna' : 'bob'}${at}`,
      role: at % 3 === 0 ? 'admin' : 'user',
      disabledAt: at % 5 === 0 ? now : undefined,
      createdAt: now + at,
      identities: at % 4 === 0 ? [['wx1'], ['wx2']] : [['wx1']],
    }))
    await addPeople(stores, drafts)
    const those = (matches: (at: number) => boolean) =>
      drafts.filter((_, at) => matches(at)).map(({ id }) => id)
    const sorted = async (wanted: PeopleListQuery) =>
      (await listIds(stores, { ...wanted, limit: 2 })).sort()
    expect(await sorted({ status: 'disabled' })).toEqual(those((at) => at % 5 === 0))
    expect(await sorted({ status: 'active' })).toEqual(those((at) => at % 5 !== 0))
    expect(await sorted({ role: 'user' })).toEqual(those((at) => at % 3 !== 0))
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

  it('of one app is sorted by when the users were bound in it', async () => {
    const stores = await make()
    for (const [id, at] of [
      ['a', 3],
      ['b', 1],
      ['c', 2],
    ] as const) {
      await addPerson(stores, { id, createdAt: now + at })
      await signIn(stores, newIdentity({ openid: openidOf(id, 'wx1') }), { createdAt: now + 9 })
    }
    expect(await listIds(stores, { appId: 'wx1', limit: 1 })).toEqual(['a', 'c', 'b'])
  })

  it('refuses a cursor that it did not make', async () => {
    const stores = await make()
    for (const cursor of ['', 'nonsense', '{}', '[]', '["everyone",1]', 'WyJldmVyeW9uZSIsMV0'])
      await expect(listPage(stores, { cursor })).rejects.toMatchObject({ reason: 'invalid_input' })
  })
}

function readsConform(make: MakeStores): void {
  it('finds a user with whether it has a password', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'a', account: 'anna', sessions: 0 }, { id: 'b' }])
    expect(await stores.people.find('a')).toMatchObject({
      id: 'a',
      account: 'anna',
      hasPassword: true,
      lastSeenAt: null,
    })
    expect(await stores.people.find('b')).toMatchObject({ hasPassword: false, lastSeenAt: now })
    expect(await stores.people.find('x')).toBeNull()
  })

  it('names users by nickname, or account, and leaves out those with neither', async () => {
    const stores = await make()
    await addPeople(stores, [
      { id: 'a', account: 'anna', nickname: 'Anna' },
      { id: 'b', account: 'bob' },
      { id: 'c' },
      { id: 'd', account: 'dan' },
    ])
    const names = await stores.people.names(['a', 'b', 'c', 'x'])
    expect([...names].sort()).toEqual([
      ['a', 'Anna'],
      ['b', 'bob'],
    ])
    expect([...(await stores.people.names([]))]).toEqual([])
  })

  it('lists the identities, and the sessions that are not past their time', async () => {
    const stores = await make()
    await addPeople(stores, [
      { id: 'a', identities: [['wx2', 'union'], ['wx1']], sessions: 0 },
      { id: 'b' },
    ])
    const identity = newIdentity({ openid: openidOf('a', 'wx1') })
    const short = await signIn(stores, identity, { device: 'Phone', expiresAt: now + 9 })
    const long = await signIn(stores, identity, { createdAt: now + 1 })
    const { identities, sessions } = await stores.people.bindings('a', now)
    expect(identities).toEqual([
      {
        appId: 'wx1',
        openid: openidOf('a', 'wx1'),
        unionid: null,
        boundAt: now,
        lastSeenAt: now + 1,
        boundBy: 'password',
        device: null,
      },
      {
        appId: 'wx2',
        openid: openidOf('a', 'wx2'),
        unionid: 'union',
        boundAt: now,
        lastSeenAt: now,
        boundBy: 'register',
        device: null,
      },
    ])
    const times = { lastSeenAt: now, createdAt: now }
    const shown = [
      { ...long, lastSeenAt: now + 1 },
      { ...short, ...times },
    ]
    expect(sessions).toEqual(shown.map(({ secret: _, ...session }) => session))
    expect((await stores.people.bindings('a', now + 9)).sessions).toMatchObject([{ id: long.id }])
    expect(await stores.people.bindings('x', now)).toEqual({ identities: [], sessions: [] })
  })
}

function endingConforms(make: MakeStores): void {
  it('disables since the first time, ending every session of the user', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'a', sessions: 3 }, { id: 'b' }])
    expect(await stores.people.disable('a', now)).toBe('disabled')
    expect(await stores.people.disable('a', now + 1)).toBe('disabled')
    expect(await stores.people.find('a')).toMatchObject({ disabledAt: now, lastSeenAt: null })
    expect(await stores.sessions.list('a', now)).toEqual([])
    expect(await stores.sessions.list('b', now)).toHaveLength(1)
    expect(await stores.people.enable('a')).toBe(true)
    expect(await stores.people.find('a')).toMatchObject({ disabledAt: null })
    await signIn(stores, newIdentity({ openid: openidOf('a', 'wx1') }))
  })

  it('finds no user that does not exist', async () => {
    const { people } = await make()
    expect(await people.disable('x', now)).toBe('not_found')
    expect(await people.enable('x')).toBe(false)
    expect(await people.endSessions({ userId: 'x' })).toBe(0)
  })

  it('ends one session of the user, or all, and counts each once', async () => {
    const stores = await make()
    await addPeople(stores, [
      { id: 'a', sessions: 3 },
      { id: 'b', sessions: 1 },
    ])
    const [one] = await stores.sessions.list('a', now)
    const [other] = await stores.sessions.list('b', now)
    const { people } = stores
    const endOne = (sessionId?: string) => people.endSessions({ userId: 'a', sessionId })
    const endedOnes = await Promise.all([endOne(one?.id), endOne(one?.id), endOne(other?.id)])
    expect(endedOnes.sort()).toEqual([0, 0, 1])
    const ended = await race(4, () => people.endSessions({ userId: 'a' }))
    expect(ended.sort()).toEqual([0, 0, 0, 2])
    expect(await stores.sessions.list('b', now)).toHaveLength(1)
  })
}

function secretsConform(make: MakeStores): void {
  it('returns the number itself, or null', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'a', phone: '13912345678' }, { id: 'b' }])
    expect(await stores.people.phoneOf('a')).toBe('13912345678')
    expect(await stores.people.phoneOf('b')).toBeNull()
    expect(await stores.people.phoneOf('x')).toBeNull()
    expect([...(await stores.people.phonesOf(['a', 'b', 'x']))]).toEqual([['a', '13912345678']])
  })

  it('replaces all session keys where the newest one is still the given one', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'a' }, { id: 'b' }])
    const identity = newIdentity({ openid: openidOf('a', 'wx1') })
    await signIn(stores, identity, { createdAt: now + hour })
    const keys = async (userId = 'a') =>
      (await stores.identities.sessionKeys({ userId, appId: 'wx1' }))?.keys
    const before = await keys()
    const others = await keys('b')
    expect(before).toHaveLength(2)
    const to = { sealed: 'new', fingerprint: 'fingerprint of new' }
    const change = { userId: 'a', appId: 'wx1', from: identity.key.sealed, to }
    for (const other of [{ from: 'another' }, { from: before?.[1] ?? '' }, { appId: 'wx2' }])
      expect(await stores.people.replaceKeys({ ...change, ...other })).toBe(false)
    expect(await keys()).toEqual(before)
    expect(await stores.people.replaceKeys(change)).toBe(true)
    expect(await keys()).toEqual(['new'])
    expect(await keys('b')).toEqual(others)
    await signIn(stores, { ...identity, key: { ...to, sealed: 'sealed again' } })
    expect(await keys()).toEqual(['new'])
  })

  it('of replacements that race from one key one is kept', async () => {
    const stores = await make()
    await addPerson(stores, { id: 'a' })
    const request = { userId: 'a', appId: 'wx1' }
    const from = (await stores.identities.sessionKeys(request))?.keys[0] ?? ''
    const replaced = await race(4, (index) =>
      stores.people.replaceKeys({
        ...request,
        from,
        to: { sealed: `new ${index}`, fingerprint: `fingerprint ${index}` },
      }),
    )
    expect(replaced.filter(Boolean)).toEqual([true])
    const kept = `new ${replaced.indexOf(true)}`
    expect((await stores.identities.sessionKeys(request))?.keys).toEqual([kept])
  })
}
