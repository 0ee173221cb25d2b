import { describe, expect, it } from 'vitest'
import type { ServiceUser, ServiceUserRef } from '../../../src/index.ts'
import { mergePair, openPair } from '../admin/merges/merge-drafts.ts'
import { addPeople, addPerson, openidOf } from '../admin/people/people.ts'
import { hour, newUser, now, race, registerUser, rules, signIn } from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'

const plain = { identities: false, phone: false }
const everything = { identities: true, phone: true }

const findUser = (
  { serviceUsers }: TestedStores,
  ref: ServiceUserRef,
): Promise<ServiceUser | null> => serviceUsers.find(ref, plain)

const setExternalId = ({ serviceUsers }: TestedStores, userId: string, externalId: string | null) =>
  serviceUsers.update(userId, { externalId, at: now })

export function describeServiceUserStore(make: MakeStores): void {
  describe('the store of users for other services', () => {
    describe('find', () => findConforms(make))
    describe('findSession', () => sessionsConform(make))
    describe('update', () => updateConforms(make))
    describe('endSessions', () => endSessionsConforms(make))
    describe('a merged user', () => mergedConforms(make))
  })
}

function findConforms(make: MakeStores): void {
  it('finds a user by id, external id and identity, with what is asked for alone', async () => {
    const stores = await make()
    await addPerson(stores, { id: 'a', account: 'anna', phone: '13912345678', nickname: 'Anna' })
    await addPerson(stores, { id: 'b' })
    await setExternalId(stores, 'a', 'e-1')
    const identity = { appId: 'wx1', openid: openidOf('a', 'wx1') }
    const user = {
      id: 'a',
      externalId: 'e-1',
      account: 'anna',
      nickname: 'Anna',
      avatarUrl: null,
      disabledAt: null,
      createdAt: now,
    }
    for (const ref of [{ userId: 'a' }, { externalId: 'e-1' }, { identity }])
      expect(await findUser(stores, ref)).toEqual(user)
    const identities = [{ ...identity, unionid: null }]
    expect(await stores.serviceUsers.find({ userId: 'a' }, everything)).toEqual({
      ...user,
      identities,
      phone: '13912345678',
    })
    expect(await stores.serviceUsers.find({ userId: 'b' }, everything)).toMatchObject({
      externalId: null,
      phone: null,
    })
  })

  it('compares exactly', async () => {
    const stores = await make()
    await addPerson(stores, { id: 'a' })
    await setExternalId(stores, 'a', 'Éa')
    for (const externalId of ['éa', 'ÉA', 'Éa ', 'E\u0301a', 'É', 'a'])
      expect(await findUser(stores, { externalId })).toBeNull()
    const openid = openidOf('a', 'wx1')
    for (const identity of [
      { appId: 'wx2', openid },
      { appId: 'wx1', openid: openid.toUpperCase() },
    ])
      expect(await findUser(stores, { identity })).toBeNull()
    expect(await findUser(stores, { userId: 'A' })).toBeNull()
  })

  it('finds no administrator, and changes none', async () => {
    const stores = await make()
    await addPerson(stores, { id: 'a' })
    await setExternalId(stores, 'a', 'e-1')
    await stores.makeAdmin('a')
    const identity = { appId: 'wx1', openid: openidOf('a', 'wx1') }
    for (const ref of [{ userId: 'a' }, { externalId: 'e-1' }, { identity }])
      expect(await findUser(stores, ref)).toBeNull()
    const { serviceUsers, people } = stores
    expect(await serviceUsers.update('a', { disabled: true, at: now })).toBe('not_found')
    expect(await serviceUsers.update('a', { externalId: 'e-2', at: now })).toBe('not_found')
    expect(await serviceUsers.endSessions('a')).toBeNull()
    expect(await people.find('a')).toMatchObject({ disabledAt: null, externalId: 'e-1' })
    expect((await people.bindings('a', now)).sessions).toHaveLength(1)
  })

  it('shows the external id to administrators, who find its user by it', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'a' }, { id: 'b' }])
    await setExternalId(stores, 'a', 'e-1')
    const search = { text: 'e-1', accountKey: 'e-1', phone: null, phoneEnd: null }
    const { items } = await stores.people.list({ search, limit: 9 })
    expect(items).toMatchObject([{ id: 'a', externalId: 'e-1' }])
  })
}

function sessionsConform(make: MakeStores): void {
  it('returns what the session store returns, and the external id', async () => {
    const stores = await make()
    const { user, session } = await registerUser(stores)
    const found = await stores.sessions.find(session.id)
    expect(await stores.serviceUsers.findSession(session.id)).toEqual({
      ...found,
      externalId: null,
    })
    await setExternalId(stores, user.id, 'e-1')
    expect(await stores.serviceUsers.findSession(session.id)).toMatchObject({ externalId: 'e-1' })
    await stores.sessions.end({ id: session.id, userId: user.id })
    expect(await stores.serviceUsers.findSession(session.id)).toBeNull()
  })
}

function updateConforms(make: MakeStores): void {
  it('sets, changes and removes an external id, which belongs to one user at most', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'a' }, { id: 'b' }])
    expect(await setExternalId(stores, 'a', 'e-1')).toBe('updated')
    expect(await setExternalId(stores, 'a', 'e-1')).toBe('updated')
    expect(await setExternalId(stores, 'b', 'e-1')).toBe('external_id_taken')
    expect(await setExternalId(stores, 'a', 'e-2')).toBe('updated')
    expect(await setExternalId(stores, 'b', 'e-1')).toBe('updated')
    expect(await setExternalId(stores, 'a', null)).toBe('updated')
    expect(await findUser(stores, { externalId: 'e-2' })).toBeNull()
    expect(await findUser(stores, { externalId: 'e-1' })).toMatchObject({ id: 'b' })
    expect(await setExternalId(stores, 'unknown', 'e-3')).toBe('not_found')
  })

  it('gives an external id to one of the users that race for it', async () => {
    const stores = await make()
    const users = await race(4, () => registerUser(stores))
    const results = await Promise.all(users.map(({ user }) => setExternalId(stores, user.id, 'e')))
    expect(results.filter((result) => result === 'updated')).toHaveLength(1)
    const winner = users[results.indexOf('updated')]?.user.id
    expect(await findUser(stores, { externalId: 'e' })).toMatchObject({ id: winner })
  })

  it('changes nothing where the external id is taken', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'a' }, { id: 'b' }])
    await setExternalId(stores, 'a', 'e-1')
    const change = { externalId: 'e-1', disabled: true, at: now }
    expect(await stores.serviceUsers.update('b', change)).toBe('external_id_taken')
    expect(await findUser(stores, { userId: 'b' })).toMatchObject({ disabledAt: null })
    expect((await stores.people.bindings('b', now)).sessions).toHaveLength(1)
  })

  it('disables with the end of every session, keeps the first time, and enables', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'a', sessions: 2 }, { id: 'b' }])
    const { serviceUsers, people } = stores
    expect(await serviceUsers.update('a', { disabled: true, at: now })).toBe('updated')
    expect(await serviceUsers.update('a', { disabled: true, at: now + 1 })).toBe('updated')
    expect(await findUser(stores, { userId: 'a' })).toMatchObject({ disabledAt: now })
    expect((await people.bindings('a', now)).sessions).toEqual([])
    expect((await people.bindings('b', now)).sessions).toHaveLength(1)
    await serviceUsers.update('a', { externalId: 'e-1', at: now })
    expect(await findUser(stores, { userId: 'a' })).toMatchObject({ disabledAt: now })
    expect(await serviceUsers.update('a', { disabled: false, at: now })).toBe('updated')
    expect(await findUser(stores, { userId: 'a' })).toMatchObject({
      disabledAt: null,
      externalId: 'e-1',
    })
  })

  it('of a disabling and a sign-in that race leaves no session behind', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores)
    await Promise.all([
      signIn(stores, identity).catch(() => null),
      stores.serviceUsers.update(user.id, { disabled: true, at: now }),
      signIn(stores, identity).catch(() => null),
    ])
    expect((await stores.people.bindings(user.id, now)).sessions).toEqual([])
  })

  it('frees the external id with the removal of its user', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'a' }, { id: 'b' }])
    await setExternalId(stores, 'a', 'e-1')
    await stores.users.remove('a')
    expect(await findUser(stores, { externalId: 'e-1' })).toBeNull()
    expect(await setExternalId(stores, 'b', 'e-1')).toBe('updated')
  })
}

function endSessionsConforms(make: MakeStores): void {
  it('ends all sessions of the user, and of no other, and counts each once', async () => {
    const stores = await make()
    await addPeople(stores, [{ id: 'a', sessions: 3 }, { id: 'b' }])
    const results = await race(4, () => stores.serviceUsers.endSessions('a'))
    expect(results.reduce<number>((sum, ended) => sum + (ended ?? 0), 0)).toBe(3)
    expect((await stores.people.bindings('b', now)).sessions).toHaveLength(1)
    expect(await stores.serviceUsers.endSessions('unknown')).toBeNull()
  })
}

function mergedConforms(make: MakeStores): void {
  it('is found as the user that it was merged into, and not changed by its own id', async () => {
    const stores = await openPair(make, { gone: { identities: [['wx1'], ['wx2']] } })
    await setExternalId(stores, 'kept', 'e-kept')
    await setExternalId(stores, 'gone', 'e-gone')
    await mergePair(stores)
    const moved = { appId: 'wx2', openid: openidOf('gone', 'wx2') }
    for (const ref of [{ userId: 'gone' }, { externalId: 'e-gone' }, { identity: moved }])
      expect(await findUser(stores, ref)).toMatchObject({ id: 'kept', externalId: 'e-kept' })
    // The kept user has its own identity in wx1.
    const left = { appId: 'wx1', openid: openidOf('gone', 'wx1') }
    expect(await findUser(stores, { identity: left })).toBeNull()
    expect(await setExternalId(stores, 'gone', 'e-new')).toBe('not_found')
    expect(await stores.serviceUsers.endSessions('gone')).toBeNull()
    expect(await setExternalId(stores, 'kept', 'e-gone')).toBe('external_id_taken')
  })

  it('gives its external id to a user without one, and gets it back where it is unchanged', async () => {
    const stores = await openPair(make)
    await setExternalId(stores, 'gone', 'e-gone')
    await mergePair(stores)
    expect(await findUser(stores, { externalId: 'e-gone' })).toMatchObject({
      id: 'kept',
      externalId: 'e-gone',
    })
    expect(await stores.merges.undo('m1', { ...rules, now: now + hour })).toBe('undone')
    expect(await findUser(stores, { externalId: 'e-gone' })).toMatchObject({ id: 'gone' })
    expect(await findUser(stores, { userId: 'kept' })).toMatchObject({ externalId: null })
  })

  it('leaves an external id with the kept user that was changed since', async () => {
    const stores = await openPair(make)
    await setExternalId(stores, 'gone', 'e-gone')
    await mergePair(stores)
    await setExternalId(stores, 'kept', 'e-new')
    const { user } = await registerUser(stores, { user: newUser() })
    expect(await setExternalId(stores, user.id, 'e-gone')).toBe('updated')
    expect(await stores.merges.undo('m1', { ...rules, now: now + hour })).toBe('undone')
    expect(await findUser(stores, { userId: 'kept' })).toMatchObject({ externalId: 'e-new' })
    expect(await findUser(stores, { userId: 'gone' })).toMatchObject({ externalId: null })
  })
}
