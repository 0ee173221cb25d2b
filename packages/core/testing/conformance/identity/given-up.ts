import { expect, it } from 'vitest'
import type { Identity } from '../../../src/index.ts'
import { setPhone, updateProfile } from '../callers.ts'
import {
  bindTo,
  byCode,
  issueTicket,
  newIdentity,
  newSession,
  newUser,
  now,
  race,
  registerUser,
  requireBound,
  rules,
  unbind,
  unlimited,
  withoutAccount,
} from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'

const phone = '13800000001'

/**
 * A user whose identity in wx1 was unbound, after which its next launch made another user of it, as `SIGN_UP=auto` does.
 */
async function openScene(make: MakeStores) {
  const stores = await make()
  const { user, identity } = await registerUser(stores)
  await unbind(stores, { userId: user.id, appId: 'wx1' })
  const auto = newUser(withoutAccount)
  const session = newSession()
  requireBound(await stores.identities.signUp({ identity, user: auto, session }))
  return { stores, identity, userId: user.id, autoId: auto.id, session }
}

const bind = (stores: TestedStores, userId: string, identity: Identity) => {
  const session = newSession({ appId: identity.appId })
  return bindTo(stores, { claim: byCode(identity), userId, session })
}

const exists = async ({ people }: TestedStores, userId: string) =>
  (await people.find(userId)) !== null

export function givenUpIdentitiesConform(make: MakeStores): void {
  it('goes to the account that a password proves, and its user is removed', async () => {
    const { stores, identity, userId, autoId, session } = await openScene(make)
    const { key } = newIdentity()
    expect(await bind(stores, userId, { ...identity, key })).toMatchObject({
      status: 'bound',
      newUser: false,
      user: { id: userId },
    })
    expect(await exists(stores, autoId)).toBe(false)
    expect(await stores.sessions.find(session.id)).toBeNull()
    expect(await stores.identities.list(userId)).toMatchObject([
      { appId: 'wx1', boundBy: 'password' },
    ])
    const keys = await stores.identities.sessionKeys({ userId, appId: 'wx1' })
    expect(keys?.keys[0]).toBe(key.sealed)
    const launch = { identity, session: newSession(), use: unlimited }
    expect(await stores.identities.signIn(launch)).toMatchObject({ user: { id: userId } })
  })

  it('goes with the key that its user had, where an older ticket is used, which may be repeated', async () => {
    const stores = await make()
    const { user, identity } = await registerUser(stores)
    const userId = user.id
    await unbind(stores, { userId, appId: 'wx1' })
    const { claim } = await issueTicket(stores, { identity })
    const auto = newUser(withoutAccount)
    const newer = { ...identity, key: newIdentity().key }
    const session = newSession()
    requireBound(await stores.identities.signUp({ identity: newer, user: auto, session }))
    requireBound(await bindTo(stores, { claim, userId, session: newSession() }))
    const keys = await stores.identities.sessionKeys({ userId, appId: 'wx1' })
    expect(keys?.keys[0]).toBe(newer.key.sealed)
    const again = { claim, userId, passwordHash: 'hash', session: newSession() }
    expect(await stores.identities.repeat(again)).toMatchObject({ user: { id: userId } })
  })

  it('goes to the account that a number proves', async () => {
    const stores = await make()
    const { user, identity } = await registerUser(stores, {
      user: newUser(withoutAccount),
      identity: newIdentity({ unionid: 'one' }),
    })
    await setPhone(stores, user.id, phone)
    const second = newIdentity({ appId: 'wx2', unionid: 'one' })
    requireBound(await bind(stores, user.id, second))
    await unbind(stores, { userId: user.id, appId: 'wx1' })
    const auto = newUser(withoutAccount)
    requireBound(await stores.identities.signUp({ identity, user: auto, session: newSession() }))
    const draft = { phone, proof: 'proof', user: newUser(withoutAccount), rules }
    const claim = byCode(identity)
    expect(
      await stores.identities.bindPhone({ ...draft, claim, session: newSession() }),
    ).toMatchObject({ status: 'bound', user: { id: user.id } })
    expect(await exists(stores, auto.id)).toBe(false)
  })

  it.each(['wx1', 'wx2'])(
    'goes where its unionid brought it to another app, bound in %s',
    async (appId) => {
      const stores = await make()
      const { user, identity } = await registerUser(stores, {
        identity: newIdentity({ unionid: 'one' }),
      })
      await unbind(stores, { userId: user.id, appId: 'wx1' })
      const auto = newUser(withoutAccount)
      requireBound(await stores.identities.signUp({ identity, user: auto, session: newSession() }))
      const second = newIdentity({ appId: 'wx2', unionid: 'one' })
      const launch = async (launched: Identity) => {
        const session = newSession({ appId: launched.appId })
        return stores.identities.signIn({ identity: launched, session, use: unlimited })
      }
      expect(await launch(second)).toMatchObject({ user: { id: auto.id } })
      const claimed = appId === 'wx1' ? identity : second
      expect(await bind(stores, user.id, claimed)).toMatchObject({
        status: 'bound',
        user: { id: user.id },
      })
      expect(await exists(stores, auto.id)).toBe(false)
      expect(await stores.identities.list(user.id)).toMatchObject([{ appId, boundBy: 'password' }])
      const other = appId === 'wx1' ? second : identity
      expect(await launch(other)).toMatchObject(
        appId === 'wx1' ? { user: { id: user.id } } : { status: 'unbound' },
      )
      requireBound(await bind(stores, user.id, other))
    },
  )

  it.each([
    [
      'a nickname',
      (stores: TestedStores, id: string) => updateProfile(stores, id, { nickname: '明' }),
    ],
    [
      'an external id',
      (stores: TestedStores, id: string) =>
        stores.serviceUsers.update(id, { externalId: 'e-1', at: now }),
    ],
    ['a number', (stores: TestedStores, id: string) => setPhone(stores, id, phone)],
    [
      'another identity',
      (stores: TestedStores, id: string) => bind(stores, id, newIdentity({ appId: 'wx2' })),
    ],
    ['a ban', (stores: TestedStores, id: string) => stores.people.disable(id, now)],
    ['the role of an administrator', (stores: TestedStores, id: string) => stores.makeAdmin(id)],
  ])('stays with a user who has %s', async (_, give) => {
    const { stores, identity, userId, autoId } = await openScene(make)
    await give(stores, autoId)
    expect(await bind(stores, userId, identity)).toEqual({ status: 'identity_taken' })
    expect(await exists(stores, autoId)).toBe(true)
    expect(await stores.identities.list(userId)).toEqual([])
  })

  it('stays with a user who was made by a number, and lost it', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    const identity = newIdentity({ appId: 'wx2' })
    const first = newUser(withoutAccount)
    const draft = { phone, proof: 'proof', session: newSession({ appId: 'wx2' }), rules }
    const claim = byCode(identity)
    requireBound(await stores.identities.bindPhone({ ...draft, claim, user: first }))
    const later = { now: now + rules.phoneTrust + 1 }
    expect(await setPhone(stores, user.id, phone, later)).toMatchObject({ id: user.id })
    expect(await bind(stores, user.id, identity)).toEqual({ status: 'identity_taken' })
  })

  it('stays where the account has another WeChat in the app, or is disabled', async () => {
    const { stores, identity, userId, autoId } = await openScene(make)
    requireBound(await bind(stores, userId, newIdentity()))
    expect(await bind(stores, userId, identity)).toEqual({ status: 'account_taken' })
    await stores.people.disable(userId, now)
    expect(await bind(stores, userId, identity)).toEqual({ status: 'user_disabled' })
    expect(await exists(stores, autoId)).toBe(true)
  })

  it('goes to one of two accounts that race for it', async () => {
    const { stores, identity, userId } = await openScene(make)
    const other = await registerUser(stores, { identity: newIdentity({ appId: 'wx2' }) })
    const users = [userId, other.user.id]
    const results = await race(2, (index) => bind(stores, users[index] ?? '', identity))
    expect(results.map(({ status }) => status).sort()).toEqual(['bound', 'identity_taken'])
  })
}
