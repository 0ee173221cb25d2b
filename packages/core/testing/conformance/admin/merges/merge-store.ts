import { describe, expect, it } from 'vitest'
import { setPhone, updateProfile } from '../../callers.ts'
import {
  bindTo,
  issueTicket,
  minute,
  newIdentity,
  newSession,
  newUser,
  now,
  signIn,
  unbind,
} from '../../drafts.ts'
import type { MakeStores } from '../../stores.ts'
import { addPeople, addPerson, noteConflict, openidOf } from '../people/people.ts'
import { conflictCountConforms } from './conflict-count.ts'
import { conflictPairs, mergePair, newMerge, openPair, orderOf, undoUntil } from './merge-drafts.ts'
import { mergedCredentialsConform } from './merged-credentials.ts'
import { mergedNotesConform } from './merged-notes.ts'
import { mergedSignInConforms } from './merged-sign-in.ts'
import { undoConforms } from './undo.ts'

export function describeMergeStore(make: MakeStores): void {
  describe('the merge store', () => {
    describe('conflicts and preview', () => readsConform(make))
    describe('merge', () => mergeConforms(make))
    describe('a user who was merged into another', () => mergedSignInConforms(make))
    describe('the credentials of a merged user', () => mergedCredentialsConform(make))
    describe('undo', () => undoConforms(make))
    describe('the number of conflicts', () => conflictCountConforms(make))
    describe('the notes on both users', () => mergedNotesConform(make))
  })
}

function readsConform(make: MakeStores): void {
  it('lists conflicts newest first, page by page', async () => {
    const stores = await make()
    const ids = ['a', 'b', 'c', 'd']
    await addPeople(
      stores,
      ids.map((id) => ({ id })),
    )
    const times = [now + 1, now + 3, now + 2]
    for (const [index, at] of times.entries())
      await noteConflict(stores, { userIds: ['a', ids[index + 1] ?? ''], at })
    await noteConflict(stores, { userIds: ['c', 'b'], unionid: 'other', at: now + 3 })
    const first = await stores.merges.conflicts({ limit: 2 })
    const second = await stores.merges.conflicts({ limit: 2, cursor: first.next ?? '' })
    const found = [...first.items, ...second.items].map((conflict) => [
      conflict.detectedAt,
      conflict.unionid,
      [conflict.first.id, conflict.second.id].sort().join(' '),
    ])
    expect(found).toEqual([
      [now + 3, 'union', 'a c'],
      [now + 3, 'other', 'b c'],
      [now + 2, 'union', 'a d'],
      [now + 1, 'union', 'a b'],
    ])
    expect(second.next).toBeNull()
  })

  it('refuses a cursor that it did not make', async () => {
    const { merges } = await make()
    for (const cursor of ['', 'nonsense', '[]', '[1,"a","b"]', '[1,"a","b",2]', 'WzEsImEiXQ'])
      await expect(merges.conflicts({ cursor, limit: 1 })).rejects.toMatchObject({
        reason: 'invalid_input',
      })
  })

  it('previews what a merge would do, and changes nothing', async () => {
    const stores = await openPair(make, {
      kept: { phone: '13800000001' },
      gone: {
        account: 'anna',
        phone: '13800000002',
        nickname: 'Anna',
        identities: [['wx1'], ['wx2', 'seen']],
        sessions: 3,
      },
    })
    await signIn(stores, newIdentity({ openid: openidOf('gone', 'wx1') }), { expiresAt: now + 9 })
    const preview = await stores.merges.preview(orderOf('kept', 'gone'), now + 9)
    expect(preview).toEqual({
      kept: await stores.people.find('kept'),
      gone: await stores.people.find('gone'),
      moves: {
        identities: [
          {
            appId: 'wx2',
            openid: openidOf('gone', 'wx2'),
            unionid: 'seen',
            boundAt: now,
            lastSeenAt: now,
            boundBy: 'password',
            device: null,
          },
        ],
        account: 'anna',
        password: true,
        phone: null,
        nickname: 'Anna',
        avatarUrl: null,
        externalId: null,
      },
      stays: {
        identities: [
          {
            appId: 'wx1',
            openid: openidOf('kept', 'wx1'),
            unionid: null,
            boundAt: now,
            lastSeenAt: now,
            boundBy: 'register',
            device: null,
          },
        ],
        account: null,
        phone: '138****0001',
        nickname: null,
        externalId: null,
      },
      endedSessions: 3,
    })
    expect(await stores.sessions.list('gone', now)).toHaveLength(4)
    expect(await conflictPairs(stores)).toEqual(['union: gone kept'])
  })

  it('previews and merges no conflict that does not exist', async () => {
    const stores = await openPair(make)
    await addPerson(stores, { id: 'x' })
    const { merges, users } = stores
    for (const order of [orderOf('kept', 'x'), orderOf('kept', 'gone', 'another')]) {
      expect(await merges.preview(order, now)).toBe('not_found')
      expect(await merges.merge(order, newMerge('m1'))).toBe('not_found')
    }
    await users.remove('gone')
    expect(await merges.preview(orderOf('kept', 'gone'), now)).toBe('not_found')
    expect(await merges.merge(orderOf('kept', 'gone'), newMerge('m1'))).toBe('not_found')
  })
}

function mergeConforms(make: MakeStores): void {
  it('moves what the kept user lacks, and leaves what both have', async () => {
    const stores = await openPair(make, {
      kept: { phone: '13800000001' },
      gone: {
        account: 'anna',
        phone: '13800000002',
        nickname: 'Anna',
        hasAvatar: true,
        identities: [['wx1'], ['wx2', 'seen']],
      },
    })
    const { avatarUrl } = (await stores.people.find('gone')) ?? {}
    expect(await mergePair(stores)).toEqual({
      id: 'm1',
      mergedAt: now,
      undoUntil,
      undoneAt: null,
      kept: { id: 'kept', name: null },
      gone: { id: 'gone', name: 'anna' },
      adminId: 'administrator',
    })
    expect(await stores.people.find('kept')).toMatchObject({
      account: 'anna',
      hasPassword: true,
      nickname: 'Anna',
      avatarUrl,
      phone: '138****0001',
      appIds: ['wx1', 'wx2'],
    })
    expect(await stores.pictureAt(avatarUrl ?? '')).not.toBeNull()
    expect(await stores.users.findByAccount('anna')).toMatchObject({ id: 'kept' })
    expect(await stores.users.findPasswordHash('kept')).toBe('password of anna')
    expect(await stores.users.findPasswordHash('gone')).toBeNull()
    expect(await stores.people.phoneOf('kept')).toBe('13800000001')
    expect(await conflictPairs(stores)).toEqual([])
  })

  it('moves the whole number, which its new owner can read and others cannot take', async () => {
    const stores = await openPair(make, { gone: { phone: '+85291234567' } })
    await mergePair(stores)
    expect(await stores.people.phoneOf('kept')).toBe('+85291234567')
    await addPerson(stores, { id: 'x' })
    expect(await setPhone(stores, 'x', '+85291234567')).toBe('taken')
  })

  it('hides the merged user from administrators', async () => {
    const stores = await openPair(make, { gone: { account: 'anna', phone: '13800000001' } })
    await setPhone(stores, 'kept', '13800000002')
    await mergePair(stores)
    const { people } = stores
    expect(await people.find('gone')).toBeNull()
    expect(await people.phoneOf('gone')).toBeNull()
    expect(await people.disable('gone', now)).toBe('not_found')
    expect(await people.enable('gone')).toBe(false)
    const search = { text: 'gone', accountKey: 'gone', phone: null, phoneEnd: null }
    for (const filter of [null, search])
      expect(
        (await people.list({ search: filter, limit: 9 })).items.filter(({ id }) => id === 'gone'),
      ).toEqual([])
  })

  it('ends the sessions of the merged user, and no other ones', async () => {
    const stores = await openPair(make, { kept: { sessions: 2 }, gone: { sessions: 2 } })
    await mergePair(stores)
    expect(await stores.sessions.list('gone', now)).toEqual([])
    expect(await stores.sessions.list('kept', now)).toHaveLength(2)
  })

  it('ends the tickets that the merged user has used, or could use', async () => {
    const stores = await openPair(make)
    const used = await issueTicket(stores, { identity: newIdentity({ appId: 'wx2' }) })
    const session = newSession({ appId: 'wx2' })
    await bindTo(stores, { claim: used.claim, userId: 'gone', session })
    // A used ticket ends with its user, also where the identity is not bound any more.
    expect(await unbind(stores, { userId: 'gone', appId: 'wx2' })).toBe('unbound')
    const identity = newIdentity({ openid: openidOf('gone', 'wx1') })
    const unused = await issueTicket(stores, { identity })
    const other = await issueTicket(stores)
    await mergePair(stores)
    const find = (hash: string) =>
      stores.tickets.find({ hash, now, ttl: 300_000, maxTries: 3, replayMs: minute })
    expect(await find(used.hash)).toBeNull()
    expect(await find(unused.hash)).toBeNull()
    expect(await find(other.hash)).not.toBeNull()
    const draft = { claim: used.claim, user: newUser(), session: newSession() }
    expect(await stores.identities.register(draft)).toEqual({ status: 'ticket_rejected' })
  })

  it('happens once of calls that race, also the other way round', async () => {
    const stores = await openPair(make)
    const { merges } = stores
    const results = await Promise.all([
      merges.merge(orderOf('kept', 'gone'), newMerge('m1')),
      merges.merge(orderOf('gone', 'kept'), newMerge('m2')),
      merges.merge(orderOf('kept', 'gone'), newMerge('m3')),
    ])
    expect(results.filter((result) => result === 'not_found')).toHaveLength(2)
    const [merged] = await merges.list(9)
    expect(results).toContainEqual(merged)
    expect(await stores.people.find(merged?.kept.id ?? '')).not.toBeNull()
    expect(await stores.people.find(merged?.gone.id ?? '')).toBeNull()
    expect(await merges.list(9)).toHaveLength(1)
  })

  it.each(['kept', 'gone'])('is refused where the user %s is an administrator', async (userId) => {
    const stores = await openPair(make, { gone: { account: 'root', identities: [['wx2']] } })
    await stores.makeAdmin(userId)
    const order = orderOf('kept', 'gone')
    expect(await stores.merges.preview(order, now)).toBe('administrator')
    expect(await stores.merges.merge(order, newMerge('m1'))).toBe('administrator')
    expect(await conflictPairs(stores)).toEqual(['union: gone kept'])
    expect(await stores.people.find('gone')).toMatchObject({ account: 'root', appIds: ['wx2'] })
    expect(await stores.sessions.list('gone', now)).toHaveLength(1)
    expect(await stores.merges.list(9)).toEqual([])
  })

  it('is kept once under its id, and changes nothing otherwise', async () => {
    const stores = await openPair(make, { gone: { nickname: 'Anna' } })
    await addPerson(stores, { id: 'x', nickname: 'Xiao' })
    await noteConflict(stores, { userIds: ['gone', 'x'] })
    await mergePair(stores, 'm1', orderOf('x', 'gone'))
    expect(await conflictPairs(stores)).toEqual(['union: kept x'])
    const again = stores.merges.merge(orderOf('kept', 'x'), newMerge('m1'))
    await expect(again).rejects.toThrow()
    expect(await conflictPairs(stores)).toEqual(['union: kept x'])
    expect(await stores.people.find('x')).toMatchObject({ nickname: 'Xiao' })
    expect(await stores.people.find('kept')).toMatchObject({ nickname: null })
  })

  it('hands the other conflicts of the merged user to the kept user, each once', async () => {
    const stores = await openPair(make)
    await addPeople(stores, [{ id: 'x' }, { id: 'y' }])
    await noteConflict(stores, { userIds: ['gone', 'x'], at: now + 1 })
    await noteConflict(stores, { userIds: ['gone', 'y'], at: now + 2 })
    await noteConflict(stores, { userIds: ['kept', 'y'], at: now + 3 })
    await mergePair(stores)
    const { items } = await stores.merges.conflicts({ limit: 9 })
    expect(items.map(({ detectedAt }) => detectedAt)).toEqual([now + 3, now + 1])
    expect(await conflictPairs(stores)).toEqual(['union: kept x', 'union: kept y'])
  })

  it('is listed newest first, with the names of then', async () => {
    const stores = await make()
    await addPeople(stores, [
      { id: 'a', account: 'anna', nickname: 'Anna' },
      { id: 'b', nickname: 'Bert' },
      { id: 'c' },
    ])
    await noteConflict(stores, { userIds: ['a', 'b'] })
    await noteConflict(stores, { userIds: ['a', 'c'] })
    const { merges } = stores
    await merges.merge(orderOf('a', 'b'), newMerge('m1', now + 1))
    await merges.merge(orderOf('a', 'c'), newMerge('m2', now))
    await updateProfile(stores, 'a', { nickname: 'Another' })
    expect(await merges.list(9)).toMatchObject([
      { id: 'm1', kept: { id: 'a', name: 'anna' }, gone: { id: 'b', name: 'Bert' } },
      { id: 'm2', gone: { id: 'c', name: null } },
    ])
    expect(await merges.list(1)).toMatchObject([{ id: 'm1' }])
  })
}
