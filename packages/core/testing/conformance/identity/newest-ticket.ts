import { expect, it } from 'vitest'
import type { ClaimedIdentity, Identity } from '../../../src/index.ts'
import { setPhone } from '../callers.ts'
import {
  bindTo,
  byCode,
  issueTicket,
  minute,
  newIdentity,
  newSession,
  newUser,
  now,
  type Registered,
  registerUser,
  requireBound,
  rules,
  unbind,
  withoutAccount,
} from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'

const phone = '13800000001'

/** Tickets of one identity in wx2 that came with these unionids, in this order; the claims, and the key of the last. */
async function issueAll(stores: TestedStores, unionids: readonly (string | null)[]) {
  const identity = newIdentity({ appId: 'wx2' })
  const claims: ClaimedIdentity[] = []
  let key = identity.key
  for (const unionid of unionids) {
    key = newIdentity().key
    claims.push((await issueTicket(stores, { identity: { ...identity, unionid, key } })).claim)
  }
  return { identity, claims, newest: key.sealed }
}

/** A user with a number and no password, whose unionid is `one`. */
async function addOwner(stores: TestedStores): Promise<Registered> {
  const owner = await registerUser(stores, {
    user: newUser(withoutAccount),
    identity: newIdentity({ unionid: 'one' }),
  })
  await setPhone(stores, owner.user.id, phone)
  return owner
}

const bindPhone = ({ identities }: TestedStores, claim: ClaimedIdentity) =>
  identities.bindPhone({
    claim,
    phone,
    proof: 'proof',
    user: newUser(withoutAccount),
    session: newSession({ appId: 'wx2' }),
    rules,
  })

const register = ({ identities }: TestedStores, claim: ClaimedIdentity) =>
  identities.register({ claim, user: newUser(), session: newSession({ appId: 'wx2' }) })

const keyOf = async (stores: TestedStores, userId: string) =>
  (await stores.identities.sessionKeys({ userId, appId: 'wx2' }))?.keys[0]

const unionidIn2 = async ({ people }: TestedStores, userId: string) =>
  (await people.bindings(userId, now)).identities.find(({ appId }) => appId === 'wx2')?.unionid

/** Whichever ticket of an identity is used, what WeChat returned last decides and is stored. */
export function newestTicketConforms(make: MakeStores): void {
  it.each([
    ['another unionid than the owner’s', ['one', 'other']],
    ['another unionid, and then none', ['one', 'other', null]],
  ])('rejects a number where the newest ticket came with %s', async (_, unionids) => {
    const stores = await make()
    const { user } = await addOwner(stores)
    const { claims } = await issueAll(stores, unionids)
    for (const claim of claims)
      expect(await bindPhone(stores, claim)).toEqual({ status: 'phone_rejected' })
    expect(await stores.identities.list(user.id)).toHaveLength(1)
  })

  it('binds a number where the newest ticket came with the owner’s unionid', async () => {
    const stores = await make()
    const { user } = await addOwner(stores)
    const { claims, newest } = await issueAll(stores, ['other', 'one', null])
    expect(await bindPhone(stores, claims[0] ?? byCode(newIdentity()))).toMatchObject({
      user: { id: user.id },
    })
    expect([await keyOf(stores, user.id), await unionidIn2(stores, user.id)]).toEqual([
      newest,
      'one',
    ])
  })

  it('registers no second user for a unionid that a newer ticket came with', async () => {
    const stores = await make()
    await addOwner(stores)
    const { claims } = await issueAll(stores, [null, 'one'])
    for (const claim of claims)
      expect(await register(stores, claim)).toEqual({ status: 'identity_taken' })
  })

  it('is what a registration and a binding store', async () => {
    const stores = await make()
    for (const run of [
      (claim: ClaimedIdentity) => register(stores, claim),
      async (claim: ClaimedIdentity) => {
        const { user } = await registerUser(stores)
        return bindTo(stores, { claim, userId: user.id, session: newSession({ appId: 'wx2' }) })
      },
    ]) {
      const { claims, newest } = await issueAll(stores, ['first', 'last', null])
      const { user } = requireBound(await run(claims[0] ?? byCode(newIdentity())))
      expect(await keyOf(stores, user.id)).toBe(newest)
      expect(await unionidIn2(stores, user.id)).toBe('last')
    }
  })

  it('is the one that was issued last, also where the clock was set back before', async () => {
    const stores = await make()
    const identity = newIdentity({ appId: 'wx2' })
    const { claim } = await issueTicket(stores, { identity, expiresAt: now + 9 * minute })
    const { key } = newIdentity()
    const later = { ...identity, key, unionid: 'last' }
    await issueTicket(stores, { identity: later, at: now - minute, expiresAt: now })
    const { user } = requireBound(await register(stores, claim))
    expect(await keyOf(stores, user.id)).toBe(key.sealed)
    expect(await unionidIn2(stores, user.id)).toBe('last')
  })

  it('is older than a binding that was made by a code and removed', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    const { identity, claims } = await issueAll(stores, ['first', null])
    const { key } = newIdentity()
    const bound: Identity = { ...identity, key, unionid: 'newest' }
    const session = newSession({ appId: 'wx2' })
    const userId = user.id
    requireBound(await bindTo(stores, { claim: byCode(bound), userId, session }))
    await unbind(stores, { userId, appId: 'wx2' })
    for (const claim of claims) {
      const again = { claim, userId, session: newSession({ appId: 'wx2' }) }
      requireBound(await bindTo(stores, again))
      expect(await keyOf(stores, userId)).toBe(key.sealed)
      expect(await unionidIn2(stores, userId)).toBe('newest')
    }
  })
}
