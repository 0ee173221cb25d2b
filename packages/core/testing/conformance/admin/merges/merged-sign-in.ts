import { expect, it } from 'vitest'
import { changePassword, setPhone } from '../../callers.ts'
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
  unlimited,
} from '../../drafts.ts'
import type { MakeStores, TestedStores } from '../../stores.ts'
import { openidOf } from '../people/people.ts'
import { mergePair, newMerge, openPair, orderOf, undoUntil } from './merge-drafts.ts'

const identityOf = (userId: string, appId: string) =>
  newIdentity({ appId, openid: openidOf(userId, appId) })

const enter = ({ identities }: TestedStores, userId: string, appId: string, at = now) => {
  const session = newSession({ appId, createdAt: at })
  const request = { identity: identityOf(userId, appId), session, use: { ...unlimited, now: at } }
  return identities.signIn(request)
}

export function mergedSignInConforms(make: MakeStores): void {
  it('signs in to the kept user by an identity that moved, and to no user by one that stayed', async () => {
    const stores = await openPair(make, { gone: { identities: [['wx1'], ['wx2']] } })
    await mergePair(stores)
    expect(await enter(stores, 'gone', 'wx2')).toMatchObject({ user: { id: 'kept' } })
    expect(await enter(stores, 'gone', 'wx1')).toEqual({ status: 'user_disabled' })
    expect(await enter(stores, 'kept', 'wx1')).toMatchObject({ user: { id: 'kept' } })
  })

  it('keeps the user who went for a day where a clock merged them that was ahead', async () => {
    const stores = await openPair(make, { gone: { identities: [['wx2']] } })
    const day = 24 * hour
    const at = now + 1_000 * day
    await stores.merges.merge(orderOf('kept', 'gone'), {
      ...newMerge('m1'),
      at,
      undoUntil: at + day,
      rules,
    })
    // A store may look for such merges once a minute.
    const noticed = now + hour
    await enter(stores, 'kept', 'wx1', noticed)
    await enter(stores, 'kept', 'wx1', noticed + day - 1)
    expect(await stores.merges.list(9)).toHaveLength(1)
    await enter(stores, 'kept', 'wx1', noticed + day)
    expect(await stores.merges.list(9)).toEqual([])
    expect(await stores.merges.undo('m1', { ...rules, now: noticed + day })).toBe('not_found')
  })

  it('binds nothing to the user who went', async () => {
    const stores = await openPair(make)
    await mergePair(stores)
    const session = newSession({ appId: 'wx3' })
    const claim = byCode(newIdentity({ appId: 'wx3' }))
    expect(await bindTo(stores, { claim, userId: 'gone', session })).toEqual({
      status: 'user_disabled',
    })
  })

  it('moves what was unbound from the user who went, and an undo returns it', async () => {
    const stores = await openPair(make, { kept: { identities: [['wx1'], ['wx2', 'seen']] } })
    const gone = newIdentity({ appId: 'wx3', unionid: 'seen' })
    const session = newSession({ appId: 'wx3' })
    const claim = byCode(gone)
    requireBound(await bindTo(stores, { claim, userId: 'gone', session }))
    await unbind(stores, { userId: 'gone', appId: 'wx3' })
    const fourth = newIdentity({ appId: 'wx4', unionid: 'seen' })
    const launch = async () => {
      const opened = newSession({ appId: 'wx4' })
      const request = { identity: fourth, session: opened, use: unlimited }
      const result = await stores.identities.signIn(request)
      return result.status === 'bound' ? result.user.id : result.status
    }
    await mergePair(stores)
    expect(await launch()).toBe('unbound')
    expect(await stores.merges.undo('m1', rules)).toBe('undone')
    expect(await launch()).toBe('kept')
  })

  it('unbinds once more what was unbound from the user who went, by the unionid that is known now', async () => {
    const stores = await openPair(make, { kept: { identities: [['wx1'], ['wx2', 'seen']] } })
    const third = newIdentity({ appId: 'wx3' })
    const bindThird = async (userId: string, unionid: string | null) => {
      const session = newSession({ appId: 'wx3' })
      const claim = byCode({ ...third, unionid })
      requireBound(await bindTo(stores, { claim, userId, session }))
    }
    await bindThird('gone', null)
    await unbind(stores, { userId: 'gone', appId: 'wx3' })
    await bindThird('kept', 'seen')
    await mergePair(stores)
    await unbind(stores, { userId: 'kept', appId: 'wx3' })
    const identity = newIdentity({ appId: 'wx4', unionid: 'seen' })
    const request = { identity, session: newSession({ appId: 'wx4' }), use: unlimited }
    expect(await stores.identities.signIn(request)).toEqual({ status: 'unbound' })
  })

  it('names an administrator as who bound an identity that moved, until an undo', async () => {
    const stores = await openPair(make, { gone: { identities: [['wx2']] } })
    await mergePair(stores)
    expect(await stores.identities.list('kept')).toMatchObject([
      { appId: 'wx1', boundBy: 'register' },
      { appId: 'wx2', boundBy: 'admin' },
    ])
    expect(await stores.merges.undo('m1', rules)).toBe('undone')
    expect(await stores.identities.list('gone')).toMatchObject([
      { appId: 'wx2', boundBy: 'register' },
    ])
  })

  it('proves nothing by a unionid that stayed', async () => {
    const stores = await openPair(make, {
      kept: { identities: [['wx1'], ['wx2', 'seen']] },
      gone: { identities: [['wx1', 'seen']] },
    })
    await mergePair(stores, 'm1', orderOf('kept', 'gone', 'seen'))
    const identity = newIdentity({ appId: 'wx3', unionid: 'seen' })
    const request = { identity, session: newSession({ appId: 'wx3' }), use: unlimited }
    expect(await stores.identities.signIn(request)).toMatchObject({ user: { id: 'kept' } })
  })

  it('of a merge and sign-ins that race leaves no session of the user who went', async () => {
    const stores = await openPair(make, { gone: { identities: [['wx2']] } })
    const enterBoth = () =>
      race(4, (index) =>
        index % 2 === 0 ? enter(stores, 'gone', 'wx2') : enter(stores, 'kept', 'wx1'),
      )
    const [before, , after] = await Promise.all([enterBoth(), mergePair(stores), enterBoth()])
    const users = [...before, ...after].map((result) =>
      result.status === 'bound' ? result.user.id : result.status,
    )
    expect(users.filter((user) => user !== 'kept' && user !== 'gone')).toEqual([])
    expect(await stores.sessions.list('gone', now)).toEqual([])
    const kept = users.filter((user) => user === 'kept')
    expect(await stores.sessions.list('kept', now)).toHaveLength(kept.length + 1)
    expect(await stores.identities.list('gone')).toEqual([])
  })

  it('is removed with the first sign-in after the merge can no longer be undone', async () => {
    const stores = await openPair(make, { gone: { account: 'anna' } })
    // A password needs a name or a number to sign in with.
    await setPhone(stores, 'kept', '13800000009')
    await changePassword(stores, 'kept', { from: null, to: 'own' })
    await mergePair(stores)
    const expiresAt = undoUntil + 1
    const session = { createdAt: undoUntil - 1, expiresAt }
    await signIn(stores, identityOf('kept', 'wx1'), session)
    expect(await stores.users.findPasswordHash('gone')).toBe('password of anna')
    await signIn(stores, identityOf('kept', 'wx1'), { createdAt: undoUntil, expiresAt })
    expect(await stores.users.findPasswordHash('gone')).toBeNull()
    expect(await enter(stores, 'gone', 'wx1', undoUntil)).toEqual({ status: 'unbound' })
    expect(await stores.merges.list(9)).toEqual([])
    expect(await stores.merges.undo('m1', rules)).toBe('not_found')
  })

  it('can be merged no second time', async () => {
    const stores = await openPair(make)
    await mergePair(stores)
    expect(await stores.merges.merge(orderOf('kept', 'gone'), newMerge('m2'))).toBe('not_found')
    expect(await stores.merges.preview(orderOf('kept', 'gone'), now)).toBe('not_found')
  })
}
