import { expect, it } from 'vitest'
import type { Identity } from '../../../src/index.ts'
import { setPhone } from '../callers.ts'
import {
  byCode,
  countStatus,
  issueTicket,
  many,
  minute,
  newIdentity,
  newSession,
  newUser,
  now,
  race,
  registerUser,
  requireBound,
  rules,
  withoutAccount,
} from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'

const phone = '13800000001'

const bindPhone = (stores: TestedStores, identity: Identity = newIdentity(), number = phone) =>
  stores.identities.bindPhone({
    claim: byCode(identity),
    phone: number,
    proof: 'proof',
    user: newUser(withoutAccount),
    session: newSession({ appId: identity.appId }),
    rules,
  })

export function phoneBindingConforms(make: MakeStores): void {
  it('of first bindings that race with one number one makes its user', async () => {
    const stores = await make()
    const results = await race(many, () => bindPhone(stores))
    expect(countStatus(results, 'bound')).toBe(1)
    expect(countStatus(results, 'phone_rejected')).toBe(many - 1)
    const bound = results.find(({ status }) => status === 'bound')
    expect(bound).toMatchObject({ newUser: true, user: { phone: '138****0001' } })
    const { user } = requireBound(bound ?? { status: 'none' })
    expect(await stores.people.phoneOf(user.id)).toBe(phone)
  })

  it('tells apart numbers that differ in the country code only', async () => {
    const stores = await make()
    const one = requireBound(await bindPhone(stores, newIdentity(), '+85213800000001'))
    const two = requireBound(await bindPhone(stores, newIdentity(), '+85313800000001'))
    expect(one.user.id).not.toBe(two.user.id)
    expect(await stores.people.phoneOf(two.user.id)).toBe('+85313800000001')
  })

  it('binds its user in another app, and no second identity in one app', async () => {
    const stores = await make()
    const { user } = requireBound(await bindPhone(stores))
    const elsewhere = await bindPhone(stores, newIdentity({ appId: 'wx2' }))
    expect(elsewhere).toMatchObject({ status: 'bound', newUser: false, user: { id: user.id } })
    expect(await bindPhone(stores)).toEqual({ status: 'phone_rejected' })
    expect(await stores.identities.list(user.id)).toHaveLength(2)
  })

  it.each([
    ['with an account name', {}],
    ['without an account name', { ...withoutAccount, passwordHash: 'hash' }],
  ])(
    'never binds a user who has a password, %s, but by an identity of its own',
    async (_, draft) => {
      const stores = await make()
      const { user, identity } = await registerUser(stores, { user: newUser(draft) })
      await setPhone(stores, user.id, phone)
      const other = newIdentity({ appId: 'wx2' })
      expect(await bindPhone(stores, other)).toEqual({ status: 'phone_rejected' })
      expect(await stores.identities.list(user.id)).toHaveLength(1)
      expect(await bindPhone(stores, identity)).toMatchObject({
        status: 'bound',
        user: { id: user.id },
      })
    },
  )

  it('never binds a disabled user, nor an identity of another user', async () => {
    const stores = await make()
    const { user } = requireBound(await bindPhone(stores))
    const other = await registerUser(stores, { identity: newIdentity({ appId: 'wx2' }) })
    expect(await bindPhone(stores, other.identity)).toEqual({ status: 'identity_taken' })
    expect(await bindPhone(stores, other.identity, '13800000009')).toEqual({
      status: 'identity_taken',
    })
    await stores.people.disable(user.id, now)
    expect(await bindPhone(stores, newIdentity({ appId: 'wx3' }))).toEqual({
      status: 'user_disabled',
    })
    expect(await stores.identities.list(user.id)).toHaveLength(1)
  })

  it('keeps its proof with the used ticket, for a new user and for one that exists', async () => {
    const stores = await make()
    const first = await issueTicket(stores)
    const second = await issueTicket(stores, { identity: newIdentity({ appId: 'wx2' }) })
    const users = []
    for (const { claim, hash } of [first, second]) {
      const user = newUser(withoutAccount)
      const session = newSession({ appId: claim.identity.appId })
      const proof = `proof of ${hash}`
      const draft = { claim, phone, proof, user, session, rules }
      users.push(requireBound(await stores.identities.bindPhone(draft)).user.id)
      const found = await stores.tickets.find({
        hash,
        now,
        ttl: 300_000,
        maxTries: 3,
        replayMs: minute,
      })
      expect(found?.used).toEqual({ userId: users[0], proof })
      expect(await stores.identities.bindPhone({ ...draft, session: newSession() })).toEqual({
        status: 'ticket_rejected',
      })
    }
    expect(users[1]).toBe(users[0])
  })

  it('leaves the ticket as it was where it refuses', async () => {
    const stores = await make()
    await bindPhone(stores)
    const { claim, hash } = await issueTicket(stores)
    const user = newUser(withoutAccount)
    const draft = { claim, phone, proof: 'proof', user, session: newSession(), rules }
    expect(await stores.identities.bindPhone(draft)).toEqual({ status: 'phone_rejected' })
    const found = await stores.tickets.find({
      hash,
      now,
      ttl: 300_000,
      maxTries: 3,
      replayMs: minute,
    })
    expect(found?.used).toBeNull()
  })
}
