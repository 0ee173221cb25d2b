import { expect, it } from 'vitest'
import type { Identity, NewUser } from '../../../src/index.ts'
import { mergePair, openPair } from '../admin/merges/merge-drafts.ts'
import { changePassword, setPhone } from '../callers.ts'
import {
  bindTo,
  byCode,
  countStatus,
  hour,
  many,
  newIdentity,
  newSession,
  newUser,
  now,
  race,
  registerUser,
  requireBound,
  rules,
  unbind,
  withoutAccount,
} from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'

const phone = '13800000001'
const day = 24 * hour
const trusted = rules.phoneTrust
const rejected = { status: 'phone_rejected' }
const moved = { status: 'bound', newUser: true, user: { phone: '138****0001' } }
const inApp2 = (unionid: string | null = null) => newIdentity({ appId: 'wx2', unionid })

/** A claim on the number, `after` ms after the drafts' `now`. */
const claimNumber = (
  { identities }: TestedStores,
  identity: Identity,
  { after = 0, phoneTrust = trusted }: { after?: number; phoneTrust?: number } = {},
) =>
  identities.bindPhone({
    claim: byCode(identity),
    phone,
    proof: 'proof',
    user: newUser({ ...withoutAccount, createdAt: now + after }),
    session: newSession({
      appId: identity.appId,
      createdAt: now + after,
      expiresAt: now + after + hour,
    }),
    rules: { ...rules, phoneTrust, now: now + after },
  })

/** A user who proved the number at `now`. */
async function addOwner(
  stores: TestedStores,
  draft: { user?: Partial<NewUser>; identity?: Partial<Identity> } = {},
) {
  const user = newUser({ ...withoutAccount, ...draft.user })
  const identity = newIdentity(draft.identity)
  const session = newSession({ appId: identity.appId, expiresAt: now + 2 * trusted })
  const owner = await registerUser(stores, { user, identity, session })
  await setPhone(stores, user.id, phone)
  return owner
}

const bound = (userId: string) => ({ status: 'bound', newUser: false, user: { id: userId } })

/** Which proofs of a number bind its owner, which move it, and which are refused. */
export function phoneTrustConforms(make: MakeStores): void {
  it.each([
    ['no unionid is known', null, null],
    ["the owner's unionid is not known", null, 'one'],
    ["the claim's unionid is not known", 'one', null],
    ['the unionids are equal', 'one', 'one'],
  ])('binds the owner of a fresh proof where %s', async (_, known, claimed) => {
    const stores = await make()
    const { user } = await addOwner(stores, { identity: { unionid: known } })
    expect(await claimNumber(stores, inApp2(claimed), { after: trusted })).toMatchObject(
      bound(user.id),
    )
  })

  it('binds the owner of an equal unionid, with a password and an old proof too', async () => {
    const stores = await make()
    const { user } = await addOwner(stores, {
      user: newUser(),
      identity: { unionid: 'one' },
    })
    expect(await claimNumber(stores, inApp2('one'), { after: trusted + 1 })).toMatchObject(
      bound(user.id),
    )
    expect(await stores.people.phoneOf(user.id)).toBe(phone)
  })

  it.each([
    ['another unionid', {}, inApp2('other')],
    ['no unionid, where the owner has a password', { passwordHash: 'hash' }, inApp2()],
    ['another unionid, where the owner has a password', newUser(), inApp2('other')],
    ['no unionid, in the app of the owner', {}, newIdentity()],
  ])('rejects a claim of %s while the proof is fresh', async (_, user, identity) => {
    const stores = await make()
    const owner = await addOwner(stores, { user, identity: { unionid: 'one' } })
    expect(await claimNumber(stores, identity, { after: trusted })).toEqual(rejected)
    expect(await stores.people.phoneOf(owner.user.id)).toBe(phone)
    expect(await stores.identities.list(owner.user.id)).toHaveLength(1)
  })

  it.each([
    ['no unionid', {}, inApp2()],
    ['another unionid', {}, inApp2('other')],
    ['no unionid, where the owner has name and password', newUser(), inApp2()],
    ['no unionid, in the app of the owner', {}, newIdentity()],
  ])('moves a number with an old proof to a claim of %s', async (_, user, identity) => {
    const stores = await make()
    const owner = await addOwner(stores, { user, identity: { unionid: 'one' } })
    const result = requireBound(await claimNumber(stores, identity, { after: trusted + 1 }))
    expect(result).toMatchObject(moved)
    expect(await stores.people.phoneOf(result.user.id)).toBe(phone)
    expect(await stores.people.phoneOf(owner.user.id)).toBeNull()
    expect(await stores.sessions.find(owner.session.id)).toMatchObject({
      user: { id: owner.user.id, account: owner.user.account, phone: null },
    })
    expect(await stores.users.findPasswordHash(owner.user.id)).toBe(
      'passwordHash' in user ? user.passwordHash : null,
    )
    expect(await stores.identities.list(owner.user.id)).toHaveLength(1)
  })

  it.each([
    ['nothing else', {}],
    ['a password without a name', { passwordHash: 'hash' }],
    ['a name without a password', { ...newUser(), passwordHash: null }],
  ])(
    'leaves the number where its owner has %s and an app that is not configured',
    async (_, user) => {
      const stores = await make()
      const owner = await addOwner(stores, { user, identity: { appId: 'gone', unionid: 'one' } })
      expect(await claimNumber(stores, inApp2('other'), { after: trusted + 1 })).toEqual(rejected)
      expect(await stores.people.phoneOf(owner.user.id)).toBe(phone)
    },
  )

  it.each([
    [
      'a claim of a new user',
      (stores: TestedStores, after: number) => claimNumber(stores, inApp2(), { after }),
    ],
    [
      'a signed-in user',
      async (stores: TestedStores, after: number) => {
        const other = await registerUser(stores)
        return setPhone(stores, other.user.id, phone, { now: now + after })
      },
    ],
  ])(
    'takes with a number that moves to %s the password that is of no use without it',
    async (_, claim) => {
      const stores = await make()
      const owner = await addOwner(stores, { user: { passwordHash: 'hash' } })
      await claim(stores, trusted + 1)
      expect(await stores.people.phoneOf(owner.user.id)).toBeNull()
      expect(await stores.users.findPasswordHash(owner.user.id)).toBeNull()
      const name = { account: 'ming', accountKey: 'ming' }
      const first = { from: null, to: 'first', name }
      expect(await changePassword(stores, owner.user.id, first)).toBe('changed')
    },
  )

  it('moves nothing to an identity of another user', async () => {
    const stores = await make()
    const owner = await addOwner(stores)
    const other = await registerUser(stores, { identity: inApp2() })
    expect(await claimNumber(stores, other.identity, { after: trusted + 1 })).toEqual({
      status: 'identity_taken',
    })
    expect(await stores.people.phoneOf(owner.user.id)).toBe(phone)
  })

  it('lets no number vouch where the rules trust for 0 days', async () => {
    const stores = await make()
    const owner = await addOwner(stores)
    expect(await claimNumber(stores, inApp2(), { phoneTrust: 0 })).toEqual(rejected)
    expect(await claimNumber(stores, inApp2(), { phoneTrust: 0, after: 1 })).toMatchObject(moved)
    expect(await stores.people.phoneOf(owner.user.id)).toBeNull()
  })

  it.each([
    [
      'a claim of the owner',
      (stores: TestedStores, { identity }: { identity: Identity }) =>
        claimNumber(stores, identity, { after: 60 * day }),
    ],
    [
      'a new proof where signed in',
      (stores: TestedStores, { user }: { user: { id: string } }) =>
        setPhone(stores, user.id, phone, { ...rules, now: now + 60 * day }),
    ],
  ])('counts the days from %s', async (_, prove) => {
    const stores = await make()
    const owner = await addOwner(stores)
    await prove(stores, owner)
    const after = 60 * day + trusted
    expect(await claimNumber(stores, newIdentity(), { after })).toEqual(rejected)
    expect(await claimNumber(stores, inApp2(), { after })).toMatchObject(bound(owner.user.id))
  })

  it('neither binds nor moves by a proof of the future, until the number is proven again', async () => {
    const stores = await make()
    const { user } = await addOwner(stores)
    const other = await registerUser(stores)
    const prove = (userId: string, after: number) =>
      setPhone(stores, userId, phone, { ...rules, now: now + after })
    await prove(user.id, 1_000 * day)
    for (const after of [0, day, day, 1_000 * day - 1]) {
      expect(await claimNumber(stores, inApp2(), { after })).toEqual(rejected)
      expect(await claimNumber(stores, newIdentity(), { after })).toEqual(rejected)
      expect(await prove(other.user.id, after)).toBe('taken')
    }
    expect(await stores.people.phoneOf(user.id)).toBe(phone)
    await prove(user.id, day)
    expect(await claimNumber(stores, inApp2(), { after: day })).toMatchObject(bound(user.id))
  })

  it('binds nothing to the owner after an unbinding, until the number is proven again', async () => {
    const stores = await make()
    const { user, identity } = await addOwner(stores)
    const stranger = inApp2()
    const claim = byCode(stranger)
    const session = newSession({ appId: 'wx2' })
    requireBound(await bindTo(stores, { claim, userId: user.id, session }))
    await setPhone(stores, user.id, phone, { now: now + 1 })
    await unbind(stores, { userId: user.id, appId: 'wx2', rules: { ...rules, now: now + 2 } })
    const elsewhere = newIdentity({ appId: 'wx3' })
    for (const by of [stranger, elsewhere])
      expect(await claimNumber(stores, by, { after: 3 })).toEqual(rejected)
    expect(await claimNumber(stores, identity, { after: 4 })).toMatchObject(bound(user.id))
    expect(await claimNumber(stores, elsewhere, { after: 5 })).toMatchObject(bound(user.id))
  })

  it('binds the owner of an equal unionid after an unbinding', async () => {
    const stores = await make()
    const { user } = await addOwner(stores, { identity: { unionid: 'one' } })
    const second = inApp2('one')
    expect(await claimNumber(stores, second)).toMatchObject(bound(user.id))
    await unbind(stores, { userId: user.id, appId: 'wx2', rules: { ...rules, now: now + 2 } })
    expect(await claimNumber(stores, second, { after: 3 })).toMatchObject(bound(user.id))
  })

  it('moves the number of a WeChat that was unbound once its proof is old', async () => {
    const stores = await make()
    const { user } = await addOwner(stores)
    const stranger = inApp2()
    expect(await claimNumber(stores, stranger, { after: 1 })).toMatchObject(bound(user.id))
    await unbind(stores, { userId: user.id, appId: 'wx2', rules: { ...rules, now: now + 2 } })
    expect(await claimNumber(stores, stranger, { after: trusted + 2 })).toMatchObject(moved)
  })

  it('counts a number by a proof of the future as no way to sign in', async () => {
    const stores = await make()
    const { user } = await addOwner(stores)
    await setPhone(stores, user.id, phone, { ...rules, now: now + day })
    expect(await unbind(stores, { userId: user.id, appId: 'wx1' })).toBe('last')
  })

  it('of claims that race for a number with an old proof one gets it', async () => {
    const stores = await make()
    await addOwner(stores)
    const results = await race(many, () =>
      claimNumber(stores, newIdentity(), { after: trusted + 1 }),
    )
    expect(countStatus(results, 'bound')).toBe(1)
    expect(countStatus(results, 'phone_rejected')).toBe(many - 1)
  })

  it('gives a signed-in user a number with an old proof, and no fresh one', async () => {
    const stores = await make()
    const owner = await addOwner(stores)
    const other = await registerUser(stores)
    const prove = (after: number) =>
      setPhone(stores, other.user.id, phone, { ...rules, now: now + after })
    expect(await prove(trusted)).toBe('taken')
    expect(await prove(trusted + 1)).toMatchObject({ id: other.user.id, phone: '138****0001' })
    expect(await stores.people.phoneOf(owner.user.id)).toBeNull()
    expect(await stores.people.phoneOf(other.user.id)).toBe(phone)
  })

  it('gives a signed-in user no number that its owner needs to sign in', async () => {
    const stores = await make()
    const owner = await addOwner(stores, {
      user: { passwordHash: 'hash' },
      identity: { appId: 'gone' },
    })
    const other = await registerUser(stores)
    const late = { ...rules, now: now + trusted + 1 }
    expect(await setPhone(stores, other.user.id, phone, late)).toBe('taken')
    expect(await stores.people.phoneOf(owner.user.id)).toBe(phone)
  })

  it('takes the time of the proof along in a merge, and back', async () => {
    const stores = await openPair(make, { gone: { phone, identities: [['wx2']] } })
    await mergePair(stores)
    const wx3 = newIdentity({ appId: 'wx3' })
    expect(await claimNumber(stores, wx3, { after: hour })).toMatchObject(bound('kept'))
    expect(await stores.merges.undo('m1', rules)).toBe('undone')
    // The claim proved it again.
    const wx4 = newIdentity({ appId: 'wx4' })
    expect(await claimNumber(stores, wx4, { after: hour + trusted })).toMatchObject(bound('gone'))
    const wx5 = newIdentity({ appId: 'wx5' })
    expect(await claimNumber(stores, wx5, { after: hour + 2 * trusted + 1 })).toMatchObject(moved)
    expect(await stores.people.phoneOf('gone')).toBeNull()
  })
}
