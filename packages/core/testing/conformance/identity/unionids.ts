import { expect, it } from 'vitest'
import type { ClaimedIdentity, Identity } from '../../../src/index.ts'
import {
  bindTo,
  byCode,
  issueTicket,
  newIdentity,
  newSession,
  newUser,
  now,
  registerUser,
  signIn,
  unlimited,
} from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'

const unionid = 'union'

const enter = ({ identities }: TestedStores, identity: Identity) =>
  identities.signIn({
    identity,
    session: newSession({ appId: identity.appId }),
    use: unlimited,
  })

const pairsOf = async ({ merges }: TestedStores) =>
  (await merges.conflicts({ limit: 9 })).items.map((conflict) => [
    conflict.unionid,
    conflict.detectedAt,
    ...[conflict.first.id, conflict.second.id].sort(),
  ])

export function unionidsConform(make: MakeStores): void {
  it('signs in the user that has the unionid in another app, and binds the identity for good', async () => {
    const stores = await make()
    const { user } = await registerUser(stores, { identity: newIdentity({ unionid }) })
    await registerUser(stores, { identity: newIdentity({ unionid: 'another' }) })
    const elsewhere = newIdentity({ appId: 'wx2', unionid })
    const bound = { status: 'bound', user: { id: user.id }, newUser: false }
    expect(await enter(stores, elsewhere)).toMatchObject(bound)
    expect(await enter(stores, { ...elsewhere, unionid: null })).toMatchObject(bound)
    expect(await stores.identities.list(user.id)).toHaveLength(2)
  })

  it('makes no second user for a unionid, by registration or at the first sign-in', async () => {
    const stores = await make()
    const { user } = await registerUser(stores, { identity: newIdentity({ unionid }) })
    const identity = newIdentity({ appId: 'wx2', unionid })
    const session = newSession({ appId: 'wx2' })
    const { identities } = stores
    expect(
      await identities.register({ claim: byCode(identity), user: newUser(), session }),
    ).toEqual({ status: 'identity_taken' })
    expect(await identities.signUp({ identity, user: newUser(), session })).toMatchObject({
      status: 'bound',
      user: { id: user.id },
      newUser: false,
    })
  })

  it('does not sign in a user who has another identity in the app', async () => {
    const stores = await make()
    await registerUser(stores, { identity: newIdentity({ unionid }) })
    expect(await enter(stores, newIdentity({ unionid }))).toEqual({ status: 'unbound' })
  })

  it('does not sign in a disabled user by the unionid', async () => {
    const stores = await make()
    const { user } = await registerUser(stores, { identity: newIdentity({ unionid }) })
    await stores.people.disable(user.id, now)
    const elsewhere = newIdentity({ appId: 'wx2', unionid })
    expect(await enter(stores, elsewhere)).toEqual({ status: 'user_disabled' })
    expect(await stores.identities.list(user.id)).toHaveLength(1)
  })

  it('keeps the newest unionid, reports where it replaced another, and links by the newest only', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores)
    const renewal = async (newest: string | null) => {
      const result = await enter(stores, { ...identity, unionid: newest })
      const { identities } = await stores.people.bindings(user.id, now)
      return [result.status === 'bound' && result.unionidChanged, identities[0]?.unionid]
    }
    expect(await renewal('first')).toEqual([false, 'first'])
    expect(await renewal(null)).toEqual([false, 'first'])
    expect(await renewal('first')).toEqual([false, 'first'])
    expect(await renewal(unionid)).toEqual([true, unionid])
    expect(await enter(stores, newIdentity({ appId: 'wx2', unionid: 'first' }))).toEqual({
      status: 'unbound',
    })
    expect(await enter(stores, newIdentity({ appId: 'wx2', unionid }))).toMatchObject({
      user: { id: user.id },
      unionidChanged: false,
    })
    const { identities } = await stores.people.bindings(user.id, now)
    expect(identities).toMatchObject([
      { appId: 'wx1', openid: identity.openid, boundBy: 'register' },
      { appId: 'wx2', unionid, boundBy: 'unionid' },
    ])
  })

  it('keeps the newest unionid of a repeated binding, and of a newer ticket', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores, { identity: newIdentity({ unionid }) })
    const bindAgain = (claim: ClaimedIdentity) =>
      bindTo(stores, { claim, userId: user.id, session: newSession() })
    const unionidNow = async () =>
      (await stores.people.bindings(user.id, now)).identities.map((bound) => bound.unionid)
    const older = await issueTicket(stores, { identity: { ...identity, unionid: 'older' } })
    expect(await bindAgain(older.claim)).toMatchObject({ unionidChanged: false })
    expect(await unionidNow()).toEqual([unionid])
    expect(await bindAgain(byCode({ ...identity, unionid: 'newer' }))).toMatchObject({
      unionidChanged: true,
    })
    expect(await unionidNow()).toEqual(['newer'])
  })

  it('notes a conflict where a changed unionid belongs to another user', async () => {
    const stores = await make()
    const ming = await registerUser(stores, { identity: newIdentity({ unionid: 'first' }) })
    const other = await registerUser(stores, {
      identity: newIdentity({ appId: 'wx2', unionid }),
    })
    await signIn(stores, { ...ming.identity, unionid }, { createdAt: now + 1 })
    const ids = [ming.user.id, other.user.id].sort()
    expect(await pairsOf(stores)).toEqual([[unionid, now + 1, ...ids]])
  })

  it('notes a conflict where a unionid comes with a refused sign-in of a disabled user', async () => {
    const stores = await make()
    const ming = await registerUser(stores)
    const other = await registerUser(stores, { identity: newIdentity({ appId: 'wx2', unionid }) })
    await stores.people.disable(ming.user.id, now)
    for (let time = 0; time < 2; time++)
      expect(await enter(stores, { ...ming.identity, unionid })).toEqual({
        status: 'user_disabled',
      })
    expect(await pairsOf(stores)).toEqual([[unionid, now, ...[ming.user.id, other.user.id].sort()]])
  })

  it('notes once that two users are one person, and changes neither', async () => {
    const stores = await make()
    const ming = await registerUser(stores)
    const other = await registerUser(stores, { identity: newIdentity({ appId: 'wx2' }) })
    await signIn(stores, { ...ming.identity, unionid }, { createdAt: now + 1 })
    expect(await pairsOf(stores)).toEqual([])
    for (const createdAt of [now + 2, now + 3])
      await signIn(stores, { ...other.identity, unionid }, { createdAt })
    await signIn(stores, { ...ming.identity, unionid }, { createdAt: now + 4 })
    const ids = [ming.user.id, other.user.id].sort()
    expect(await pairsOf(stores)).toEqual([[unionid, now + 2, ...ids]])
    expect(await enter(stores, ming.identity)).toMatchObject({ user: { id: ming.user.id } })
    expect(await enter(stores, other.identity)).toMatchObject({ user: { id: other.user.id } })
    expect(await enter(stores, newIdentity({ appId: 'wx3', unionid }))).toEqual({
      status: 'unbound',
    })
  })

  it('notes the conflict with each other user of a unionid when an identity is bound', async () => {
    const stores = await make()
    const users = []
    for (const appId of ['wx1', 'wx2', 'wx3'])
      users.push(await registerUser(stores, { identity: newIdentity({ appId }) }))
    for (const { identity } of users) await signIn(stores, { ...identity, unionid })
    const [a = '', b = '', c = ''] = users.map(({ user }) => user.id)
    const pairs = (await pairsOf(stores)).map(([, , ...ids]) => ids.join(' '))
    const expected = [
      [a, b],
      [a, c],
      [b, c],
    ].map((ids) => ids.sort().join(' '))
    expect(pairs.sort()).toEqual(expected.sort())
  })
}
