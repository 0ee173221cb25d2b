import { expect, it } from 'vitest'
import { changePassword, keepPicture, setPhone, updateProfile } from '../../callers.ts'
import {
  bindTo,
  byCode,
  hour,
  newIdentity,
  newSession,
  now,
  race,
  requireBound,
  rules,
  signIn,
  unbind,
} from '../../drafts.ts'
import type { MakeStores, TestedStores } from '../../stores.ts'
import { addPeople, addPerson, noteConflict, openidOf, type PersonDraft } from '../people/people.ts'
import {
  conflictPairs,
  mergePair,
  newMerge,
  openPair,
  orderOf,
  snapshotOf,
  undoUntil,
} from './merge-drafts.ts'

const ids = ['kept', 'gone', 'x']

export function undoConforms(make: MakeStores): void {
  it.each(Array.from({ length: 24 }, (_, index) => index))(
    'leaves everything as it was, whatever the two users had: case %i',
    async (index) => {
      const stores = await make()
      await drawCase(stores, createDice(index))
      const before = await snapshotOf(stores, ids)
      await mergePair(stores)
      const [, gone] = await snapshotOf(stores, ids)
      expect(gone).toMatchObject({ person: { lastSeenAt: null }, phone: null })
      expect(await stores.merges.undo('m1', { ...rules, now: now + hour })).toBe('undone')
      expect(await snapshotOf(stores, ids)).toEqual(before)
    },
  )

  it('leaves with the kept user what was changed since', async () => {
    const stores = await openPair(make, {
      gone: {
        account: 'anna',
        phone: '13912345678',
        nickname: 'Anna',
        hasAvatar: true,
        identities: [['wx2'], ['wx3'], ['wx4']],
      },
    })
    const { avatarUrl } = (await stores.people.find('gone')) ?? {}
    await mergePair(stores)
    const { users } = stores
    await changePassword(stores, 'kept', { from: 'password of anna', to: 'changed' })
    await updateProfile(stores, 'kept', { nickname: 'Changed' })
    for (const appId of ['wx2', 'wx3']) await unbind(stores, { userId: 'kept', appId })
    const again = newIdentity({ appId: 'wx3', openid: openidOf('gone', 'wx3') })
    const session = newSession({ appId: 'wx3', createdAt: now + 1 })
    requireBound(await bindTo(stores, { claim: byCode(again), userId: 'kept', session }))
    expect(await stores.merges.undo('m1', { ...rules, now: now + hour })).toBe('undone')
    expect(await stores.people.find('kept')).toMatchObject({
      account: 'anna',
      hasPassword: true,
      nickname: 'Changed',
      phone: null,
      avatarUrl: null,
      appIds: ['wx1', 'wx3'],
    })
    expect(await stores.people.find('gone')).toMatchObject({
      account: null,
      hasPassword: false,
      nickname: null,
      phone: '139****5678',
      avatarUrl,
      appIds: ['wx4'],
      disabledAt: null,
    })
    expect(await users.findPasswordHash('kept')).toBe('changed')
    expect(await stores.people.phoneOf('gone')).toBe('13912345678')
    expect(await stores.pictureAt(avatarUrl ?? '')).not.toBeNull()
  })

  it('is refused where it would take the last way to sign in from the kept user, and changes nothing', async () => {
    const stores = await openPair(make, { gone: { account: 'anna', identities: [['wx2']] } })
    await mergePair(stores)
    await unbind(stores, { userId: 'kept', appId: 'wx1' })
    const before = await snapshotOf(stores, ids)
    expect(await stores.merges.undo('m1', rules)).toBe('last')
    expect(await snapshotOf(stores, ids)).toEqual(before)
    const again = newIdentity({ openid: openidOf('kept', 'wx1') })
    const claim = byCode(again)
    requireBound(await bindTo(stores, { claim, userId: 'kept', session: newSession() }))
    expect(await stores.merges.undo('m1', rules)).toBe('undone')
  })

  it('is not refused where the kept user could not sign in before the merge either', async () => {
    const stores = await openPair(make, {
      // In an app that is not configured.
      kept: { identities: [['wx3']] },
      gone: { account: 'anna', identities: [['wx2']] },
    })
    await mergePair(stores)
    expect(await stores.merges.undo('m1', rules)).toBe('undone')
  })

  it('leaves no password with the kept user that nothing can be signed in to with', async () => {
    const stores = await openPair(make, { gone: { account: 'anna' } })
    await setPhone(stores, 'kept', '13800000009')
    await changePassword(stores, 'kept', { from: null, to: 'own' })
    await mergePair(stores)
    const other = { userId: 'x', phone: '13800000009' }
    await addPerson(stores, { id: other.userId, identities: [['wx3']] })
    const late = { now: now + rules.phoneTrust + 1 }
    expect(await setPhone(stores, other.userId, other.phone, late)).toMatchObject({ id: 'x' })
    expect(await stores.users.findPasswordHash('kept')).toBe('own')
    expect(await stores.merges.undo('m1', rules)).toBe('undone')
    expect(await stores.users.findPasswordHash('kept')).toBeNull()
    expect(await stores.users.findByAccount('anna')).toMatchObject({ id: 'gone' })
  })

  it('gives back no number and no picture that the kept user has replaced', async () => {
    const stores = await openPair(make, { gone: { phone: '13912345678', hasAvatar: true } })
    await mergePair(stores)
    await setPhone(stores, 'kept', '13912345679')
    const picture = { type: 'png', bytes: Uint8Array.of(1) } as const
    const address = await keepPicture(stores, 'kept', picture)
    await stores.merges.undo('m1', rules)
    expect(await stores.people.phoneOf('kept')).toBe('13912345679')
    expect(await stores.people.find('kept')).toMatchObject({ avatarUrl: address })
    expect(await stores.people.find('gone')).toMatchObject({ phone: null, avatarUrl: null })
    expect(await stores.pictureAt(address)).not.toBeNull()
  })

  it('ends the sessions that were opened by the identities that go back, and no other ones', async () => {
    const stores = await openPair(make, { gone: { identities: [['wx2']] } })
    await mergePair(stores)
    const moved = newIdentity({ appId: 'wx2', openid: openidOf('gone', 'wx2') })
    const since = await signIn(stores, moved)
    const own = await signIn(stores, newIdentity({ openid: openidOf('kept', 'wx1') }))
    expect((await stores.sessions.find(since.id))?.user.id).toBe('kept')
    await stores.merges.undo('m1', rules)
    expect(await stores.sessions.find(since.id)).toBeNull()
    expect(await stores.sessions.find(own.id)).not.toBeNull()
    const session = await signIn(stores, moved)
    expect((await stores.sessions.find(session.id))?.user.id).toBe('gone')
  })

  it('works until its time, to the millisecond, and once of calls that race', async () => {
    const stores = await openPair(make)
    await mergePair(stores)
    const { merges } = stores
    expect(await merges.undo('unknown', rules)).toBe('not_found')
    expect(await merges.undo('m1', { ...rules, now: undoUntil })).toBe('not_found')
    expect(await stores.people.find('gone')).toBeNull()
    const times = [undoUntil - 1, now]
    const both = await race(2, (index) => merges.undo('m1', { ...rules, now: times[index] ?? now }))
    expect([...both].sort()).toEqual(['not_found', 'undone'])
    expect(await stores.people.find('gone')).toMatchObject({ id: 'gone', disabledAt: null })
    const undoneAt = times[both.indexOf('undone')]
    expect(await merges.list(9)).toMatchObject([{ id: 'm1', undoneAt }])
  })

  it('opens the conflict again, so that the two can be merged again', async () => {
    const stores = await openPair(make)
    const { items } = await stores.merges.conflicts({ limit: 9 })
    await mergePair(stores)
    await stores.merges.undo('m1', rules)
    const again = await stores.merges.conflicts({ limit: 9 })
    expect(again.items.map(({ detectedAt }) => detectedAt)).toEqual([now])
    expect(again.items.map(({ unionid }) => unionid)).toEqual(items.map(({ unionid }) => unionid))
    expect(await mergePair(stores, 'm2', orderOf('gone', 'kept'))).toMatchObject({ id: 'm2' })
  })

  it('opens the conflict of a unionid that WeChat returned for both since the merge (seed 914020314)', async () => {
    const stores = await openPair(make, { gone: { identities: [['wx2']] } })
    await mergePair(stores)
    const launch = (userId: string, appId: string) =>
      signIn(stores, newIdentity({ appId, openid: openidOf(userId, appId), unionid: 'changed' }))
    await launch('kept', 'wx1')
    await launch('gone', 'wx2')
    expect(await conflictPairs(stores)).toEqual([])
    const later = { ...rules, now: now + hour }
    expect(await stores.merges.undo('m1', later)).toBe('undone')
    expect(await conflictPairs(stores)).toEqual(['changed: gone kept', 'union: gone kept'])
    expect(await mergePair(stores, 'm2', orderOf('kept', 'gone', 'changed'))).toMatchObject({})
  })

  it('opens the conflict of a user who signed in with the merged user’s unionid since the merge', async () => {
    const stores = await openPair(make, { gone: { identities: [['wx1', 'seen']] } })
    await mergePair(stores)
    await addPerson(stores, { id: 'x', identities: [['wx2', 'seen']] })
    expect(await conflictPairs(stores)).toEqual([])
    expect(await stores.merges.undo('m1', rules)).toBe('undone')
    expect(await conflictPairs(stores)).toEqual(['seen: gone x', 'union: gone kept'])
  })

  it('goes backwards where the kept user was itself merged', async () => {
    const stores = await openPair(make, { gone: { nickname: 'Anna', identities: [['wx2']] } })
    await addPerson(stores, { id: 'x', identities: [['wx3']] })
    await noteConflict(stores, { userIds: ['kept', 'x'] })
    const before = await snapshotOf(stores, ids)
    await mergePair(stores)
    await mergePair(stores, 'm2', orderOf('x', 'kept'))
    const { merges, people } = stores
    expect(await people.find('x')).toMatchObject({
      nickname: 'Anna',
      appIds: ['wx1', 'wx2', 'wx3'],
    })
    expect(await merges.undo('m1', rules)).toBe('not_found')
    expect(await merges.undo('m2', rules)).toBe('undone')
    expect(await merges.undo('m1', rules)).toBe('undone')
    expect(await snapshotOf(stores, ids)).toEqual(before)
  })

  it('reopens a conflict with the user that the other one was merged into since', async () => {
    const stores = await openPair(make)
    await addPeople(stores, [{ id: 'x' }, { id: 'y' }])
    await noteConflict(stores, { userIds: ['gone', 'x'] })
    await mergePair(stores)
    await noteConflict(stores, { userIds: ['x', 'y'] })
    await mergePair(stores, 'm2', orderOf('y', 'x'))
    await stores.merges.undo('m1', rules)
    expect(await conflictPairs(stores)).toEqual(
      expect.arrayContaining(['union: gone kept', 'union: gone y']),
    )
  })

  it('reopens no conflict with a user who was removed since', async () => {
    const stores = await openPair(make)
    await addPerson(stores, { id: 'x' })
    await noteConflict(stores, { userIds: ['gone', 'x'] })
    await mergePair(stores)
    await stores.users.remove('x')
    expect(await stores.merges.undo('m1', rules)).toBe('undone')
    expect(await conflictPairs(stores)).toEqual(['union: gone kept'])
  })

  it('finds nothing where the kept user was removed since, with the user who went', async () => {
    const stores = await openPair(make)
    await stores.merges.merge(orderOf('kept', 'gone'), newMerge('m1'))
    await stores.users.remove('kept')
    expect(await stores.merges.undo('m1', rules)).toBe('not_found')
    expect(await stores.people.find('gone')).toBeNull()
  })
}

/** Draws the same values for the same seed (a linear congruential generator, as in Numerical Recipes). */
function createDice(seed: number): () => boolean {
  let value = (seed + 1) * 2_654_435_761
  return () => {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0
    return value >= 2 ** 31
  }
}

/** Two users with whatever the dice give to them, a third one, and conflicts between them. */
async function drawCase(stores: TestedStores, draw: () => boolean): Promise<void> {
  const drawIdentity = (appId: string): readonly [string, string?] =>
    draw() ? [appId, 'seen'] : [appId]
  const person = (id: string, phone: string): PersonDraft => ({
    id,
    account: draw() ? `account of ${id}` : undefined,
    phone: draw() ? phone : undefined,
    nickname: draw() ? (draw() ? 'Same' : `Name of ${id}`) : undefined,
    hasAvatar: draw(),
    identities: [`wx of ${id}`, ...['wx1', 'wx2', 'wx3'].filter(draw)].map(drawIdentity),
    sessions: draw() ? 2 : 0,
  })
  await addPeople(stores, [
    person('kept', '13800000001'),
    person('gone', '13800000002'),
    person('x', '13800000003'),
  ])
  await noteConflict(stores, { userIds: ['kept', 'gone'] })
  if (draw()) await noteConflict(stores, { userIds: ['kept', 'x'] })
  if (draw()) await noteConflict(stores, { userIds: ['gone', 'x'] })
  if (draw()) await noteConflict(stores, { userIds: ['gone', 'x'], unionid: 'another' })
  if (draw()) await stores.people.disable('gone', now - 5)
}
