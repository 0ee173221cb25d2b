import { expect, it } from 'vitest'
import type { Identity } from '../../../src/index.ts'
import {
  bindTo,
  byCode,
  issueTicket,
  newIdentity,
  newSession,
  newUser,
  now,
  registerUser,
  requireBound,
  rules,
  signIn,
  unbind,
  unlimited,
  withoutAccount,
} from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'

const unionid = 'union'

/** What the next launch of an identity answers: the id of its user, or the status. */
async function launch({ identities }: TestedStores, identity: Identity): Promise<string> {
  const session = newSession({ appId: identity.appId })
  const result = await identities.signIn({ identity, session, use: unlimited })
  return result.status === 'bound' ? result.user.id : result.status
}

async function bind(stores: TestedStores, userId: string, identity: Identity): Promise<void> {
  const session = newSession({ appId: identity.appId })
  requireBound(await bindTo(stores, { claim: byCode(identity), userId, session }))
}

/** A user with the same WeChat in three apps, the third one bound by its unionid. */
async function startWithThree(make: MakeStores) {
  const stores = await make()
  const first = newIdentity({ unionid })
  const second = newIdentity({ appId: 'wx2', unionid })
  const third = newIdentity({ appId: 'wx3', unionid })
  const { user, session } = await registerUser(stores, { identity: first })
  for (const identity of [second, third]) expect(await launch(stores, identity)).toBe(user.id)
  return { stores, userId: user.id, session, first, second, third }
}

export function unboundIdentitiesConform(make: MakeStores): void {
  it('does not sign in an unbound identity again through another app', async () => {
    const { stores, userId, first, second } = await startWithThree(make)
    expect(await unbind(stores, { userId, appId: 'wx2' })).toBe('unbound')
    expect(await launch(stores, second)).toBe('unbound')
    expect(await launch(stores, { ...second, unionid: 'changed' })).toBe('unbound')
    expect(await launch(stores, first)).toBe(userId)
  })

  it('does not bind an identity of the unionid in an app where there was none', async () => {
    const { stores, userId } = await startWithThree(make)
    await unbind(stores, { userId, appId: 'wx2' })
    expect(await launch(stores, newIdentity({ appId: 'wx4', unionid }))).toBe('unbound')
  })

  it('learns the unionid of an identity that was unbound without one', async () => {
    const stores = await make()
    const { user } = await registerUser(stores, { identity: newIdentity({ unionid }) })
    const unknown = newIdentity({ appId: 'wx2' })
    await bind(stores, user.id, unknown)
    await unbind(stores, { userId: user.id, appId: 'wx2' })
    expect(await launch(stores, { ...unknown, unionid })).toBe('unbound')
    expect(await launch(stores, newIdentity({ appId: 'wx3', unionid }))).toBe('unbound')
  })

  it.each(['signs in', 'binds'])(
    'learns the unionid with which another user %s who is removed since (seed 320317124)',
    async (how) => {
      const stores = await make()
      const { user } = await registerUser(stores, { identity: newIdentity({ unionid }) })
      const unknown = newIdentity({ appId: 'wx2' })
      await bind(stores, user.id, unknown)
      await unbind(stores, { userId: user.id, appId: 'wx2' })
      const other = await registerUser(stores, { identity: newIdentity({ appId: 'wx5' }) })
      await bind(stores, other.user.id, how === 'binds' ? { ...unknown, unionid } : unknown)
      expect(await launch(stores, { ...unknown, unionid })).toBe(other.user.id)
      await stores.users.remove(other.user.id)
      expect(await launch(stores, newIdentity({ appId: 'wx3', unionid }))).toBe('unbound')
    },
  )

  it('learns the unionid of a refused sign-in of another user who is removed since', async () => {
    const stores = await make()
    const { user } = await registerUser(stores, { identity: newIdentity({ unionid }) })
    const unknown = newIdentity({ appId: 'wx2' })
    await bind(stores, user.id, unknown)
    await unbind(stores, { userId: user.id, appId: 'wx2' })
    const other = await registerUser(stores, { identity: newIdentity({ appId: 'wx5' }) })
    await bind(stores, other.user.id, unknown)
    await stores.people.disable(other.user.id, now)
    expect(await launch(stores, { ...unknown, unionid })).toBe('user_disabled')
    await stores.users.remove(other.user.id)
    expect(await launch(stores, newIdentity({ appId: 'wx3', unionid }))).toBe('unbound')
  })

  it('is lifted by a binding of its own proof, and not by that of another user', async () => {
    const { stores, userId, second } = await startWithThree(make)
    const fourth = newIdentity({ appId: 'wx4', unionid })
    const other = await registerUser(stores)
    await unbind(stores, { userId, appId: 'wx2' })
    await bind(stores, other.user.id, second)
    expect(await launch(stores, fourth)).toBe('unbound')
    await unbind(stores, { userId: other.user.id, appId: 'wx2' })
    expect(await launch(stores, second)).toBe('unbound')
    await bind(stores, userId, second)
    expect(await launch(stores, second)).toBe(userId)
    expect(await launch(stores, fourth)).toBe(userId)
  })

  it('is not lifted by a binding of another identity of its unionid', async () => {
    const { stores, userId, first, second } = await startWithThree(make)
    await unbind(stores, { userId, appId: 'wx2' })
    await bind(stores, userId, first)
    expect(await launch(stores, second)).toBe('unbound')
  })

  it('keeps the unionid with which it was unbound', async () => {
    const { stores, userId, second } = await startWithThree(make)
    await unbind(stores, { userId, appId: 'wx2' })
    expect(await launch(stores, { ...second, unionid: 'changed' })).toBe('unbound')
    expect(await launch(stores, newIdentity({ appId: 'wx4', unionid }))).toBe('unbound')
  })

  it.each(['is launched with it first', 'is not launched'])(
    'holds for a unionid that changed, where the unbound identity %s',
    async (order) => {
      const { stores, userId, first, second, third } = await startWithThree(make)
      await unbind(stores, { userId, appId: 'wx1' })
      await unbind(stores, { userId, appId: 'wx3' })
      const changed = { unionid: 'changed' }
      if (order === 'is launched with it first')
        expect(await launch(stores, { ...first, ...changed })).toBe('unbound')
      expect(await launch(stores, { ...second, ...changed })).toBe(userId)
      for (const appId of ['wx4', 'wx5'])
        expect(await launch(stores, newIdentity({ appId, ...changed }))).toBe('unbound')
      expect(await launch(stores, { ...third, ...changed })).toBe('unbound')
    },
  )

  it.each(['a ticket', 'a login code', 'its unionid'])(
    'holds for a unionid that changed between two tickets of an identity that %s binds',
    async (by) => {
      const { stores, userId, second } = await startWithThree(make)
      await unbind(stores, { userId, appId: 'wx2' })
      const third = newIdentity({ appId: 'wx4', unionid })
      await issueTicket(stores, { identity: third })
      const changed = { ...third, unionid: 'changed' }
      const { claim } = await issueTicket(stores, { identity: changed })
      if (by === 'its unionid')
        await bind(stores, userId, newIdentity({ appId: 'wx6', unionid: 'changed' }))
      const session = newSession({ appId: 'wx4' })
      const proof = by === 'a ticket' ? claim : byCode(changed)
      if (by === 'its unionid') expect(await launch(stores, changed)).toBe(userId)
      else requireBound(await bindTo(stores, { claim: proof, userId, session }))
      const elsewhere = newIdentity({ appId: 'wx5', unionid: 'changed' })
      expect(await launch(stores, elsewhere)).toBe('unbound')
      expect(await launch(stores, { ...second, unionid: 'changed' })).toBe('unbound')
    },
  )

  it('is not lifted by a sign-in of an identity that is still bound', async () => {
    const { stores, userId, first, second } = await startWithThree(make)
    await unbind(stores, { userId, appId: 'wx2' })
    expect(await launch(stores, first)).toBe(userId)
    expect(await launch(stores, second)).toBe('unbound')
  })

  it('becomes a new user at the first sign-in, and by registration', async () => {
    const { stores, userId, second, third } = await startWithThree(make)
    const { identities } = stores
    for (const appId of ['wx2', 'wx3']) await unbind(stores, { userId, appId })
    const [auto, registered] = [newUser(withoutAccount), newUser()]
    const session = newSession({ appId: 'wx2' })
    expect(await identities.signUp({ identity: second, user: auto, session })).toMatchObject({
      status: 'bound',
      newUser: true,
      user: { id: auto.id },
    })
    expect(await launch(stores, second)).toBe(auto.id)
    expect(
      await identities.register({ claim: byCode(third), user: registered, session: newSession() }),
    ).toMatchObject({ status: 'bound', newUser: true, user: { id: registered.id } })
  })

  it('goes with its user', async () => {
    const stores = await make()
    const gone = await registerUser(stores)
    const other = await registerUser(stores, { identity: newIdentity({ unionid }) })
    const identity = newIdentity({ appId: 'wx2', unionid })
    await bind(stores, gone.user.id, identity)
    await unbind(stores, { userId: gone.user.id, appId: 'wx2' })
    expect(await launch(stores, identity)).toBe('unbound')
    await stores.users.remove(gone.user.id)
    expect(await launch(stores, identity)).toBe(other.user.id)
  })
}

export function unbindingEverywhereConforms(make: MakeStores): void {
  it('unbinds each identity of the unionid, and ends their sessions and no other ones', async () => {
    const { stores, userId, session, first, second, third } = await startWithThree(make)
    const elsewhere = newIdentity({ appId: 'wx4', unionid: 'another' })
    const withoutUnionid = newIdentity({ appId: 'wx5' })
    for (const identity of [elsewhere, withoutUnionid]) await bind(stores, userId, identity)
    const stranger = await registerUser(stores, { identity: newIdentity({ appId: 'wx6' }) })
    expect(await unbind(stores, { userId, appId: 'wx3', everywhere: true })).toBe('unbound')
    expect(await stores.identities.list(userId)).toMatchObject([{ appId: 'wx4' }, { appId: 'wx5' }])
    const sessions = await stores.sessions.list(userId, now)
    expect(sessions.map(({ appId }) => appId).sort()).toEqual(['wx4', 'wx5'])
    expect(await stores.sessions.find(session.id)).toBeNull()
    expect(await stores.sessions.find(stranger.session.id)).not.toBeNull()
    for (const identity of [first, second, third])
      expect(await launch(stores, identity)).toBe('unbound')
    for (const identity of [elsewhere, withoutUnionid])
      expect(await launch(stores, identity)).toBe(userId)
  })

  it('ends a session that an earlier unbinding kept in another app, and the caller’s', async () => {
    const { stores, userId, session, second } = await startWithThree(make)
    const kept = await signIn(stores, second)
    const caller = { sessionId: kept.id, userId, now }
    expect(await unbind(stores, { userId, appId: 'wx2', caller })).toBe('unbound')
    expect(await stores.sessions.find(kept.id)).not.toBeNull()
    const stranger = await registerUser(stores, { identity: newIdentity({ appId: 'wx9' }) })
    const byFirst = { sessionId: session.id, userId, now }
    const request = { userId, appId: 'wx1', everywhere: true, caller: byFirst }
    expect(await unbind(stores, request)).toBe('unbound')
    expect(await stores.sessions.list(userId, now)).toEqual([])
    expect(await stores.sessions.find(stranger.session.id)).not.toBeNull()
  })

  it('unbinds an identity that has learnt a changed unionid before the named one, and the other way round', async () => {
    for (const named of ['wx1', 'wx2']) {
      const { stores, userId, first, second } = await startWithThree(make)
      const other = newIdentity({ appId: 'wx4', unionid: 'another' })
      await bind(stores, userId, other)
      expect(await launch(stores, { ...second, unionid: 'changed' })).toBe(userId)
      expect(await unbind(stores, { userId, appId: named, everywhere: true })).toBe('unbound')
      expect(await stores.identities.list(userId)).toMatchObject([{ appId: 'wx4' }])
      for (const identity of [first, { ...second, unionid: 'changed' }])
        expect(await launch(stores, identity)).toBe('unbound')
    }
  })

  it('unbinds an identity whose unionid came with a refused sign-in of its disabled user', async () => {
    const stores = await make()
    const { user } = await registerUser(stores, { identity: newIdentity({ unionid }) })
    const second = newIdentity({ appId: 'wx2' })
    await bind(stores, user.id, second)
    await stores.people.disable(user.id, now)
    expect(await launch(stores, { ...second, unionid })).toBe('user_disabled')
    const request = { userId: user.id, appId: 'wx1', everywhere: true }
    expect(await unbind(stores, request)).toBe('unbound')
    expect(await stores.identities.list(user.id)).toEqual([])
    await stores.people.enable(user.id)
    expect(await launch(stores, { ...second, unionid })).toBe('unbound')
  })

  it.each([
    ['by a login code', 'no unionid', null],
    ['by a ticket', 'no unionid', null],
    ['by a login code', 'another unionid', 'changed'],
  ])(
    'unbinds an identity that was unbound and bound again %s with which WeChat returned %s (seed 914001208)',
    async (by, _returned, returned) => {
      const { stores, userId, second } = await startWithThree(make)
      await unbind(stores, { userId, appId: 'wx2' })
      const again = { ...second, unionid: returned }
      const session = newSession({ appId: 'wx2' })
      const proof = by === 'by a ticket' ? await issueTicket(stores, { identity: again }) : null
      const claim = proof?.claim ?? byCode(again)
      requireBound(await bindTo(stores, { claim, userId, session }))
      expect(await unbind(stores, { userId, appId: 'wx1', everywhere: true })).toBe('unbound')
      expect(await stores.identities.list(userId)).toEqual([])
    },
  )

  it('leaves no session of a WeChat that unbound itself, also where the app has another identity since', async () => {
    const stores = await make()
    const owner = newIdentity({ unionid })
    const { user, session } = await registerUser(stores, { identity: owner })
    const userId = user.id
    const thief = ['wx2', 'wx3'].map((appId) => newIdentity({ appId, unionid: 'thief' }))
    for (const identity of thief) await bind(stores, userId, identity)
    const kept = await signIn(stores, thief[0] ?? owner)
    const caller = { sessionId: kept.id, userId, now }
    expect(await unbind(stores, { userId, appId: 'wx2', caller })).toBe('unbound')
    expect(await stores.sessions.find(kept.id)).not.toBeNull()
    expect(await launch(stores, newIdentity({ appId: 'wx2', unionid }))).toBe(userId)
    expect(await stores.sessions.find(kept.id)).toBeNull()
    const byOwner = { sessionId: session.id, userId, now }
    await unbind(stores, { userId, appId: 'wx3', everywhere: true, caller: byOwner })
    const left = (await stores.sessions.list(userId, now)).map(({ appId }) => appId)
    expect(left.sort()).toEqual(['wx1', 'wx2'])
  })

  it('unbinds the named identity alone where its unionid is unknown', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    await bind(stores, user.id, newIdentity({ appId: 'wx2' }))
    await unbind(stores, { userId: user.id, appId: 'wx2', everywhere: true })
    expect(await stores.identities.list(user.id)).toMatchObject([{ appId: 'wx1' }])
  })

  it('is refused where no way to sign in would be left', async () => {
    const stores = await make()
    const user = newUser(withoutAccount)
    await registerUser(stores, { identity: newIdentity({ unionid }), user })
    expect(await launch(stores, newIdentity({ appId: 'wx2', unionid }))).toBe(user.id)
    const withThird = { ...rules, appIds: [...rules.appIds, 'wx3'] }
    const request = { userId: user.id, appId: 'wx1', everywhere: true, rules: withThird }
    expect(await unbind(stores, request)).toBe('last')
    expect(await stores.identities.list(user.id)).toHaveLength(2)
    await bind(stores, user.id, newIdentity({ appId: 'wx3', unionid: 'another' }))
    expect(await unbind(stores, request)).toBe('unbound')
  })
}
