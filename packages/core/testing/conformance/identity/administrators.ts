import { expect, it } from 'vitest'
import { callerOf, setPhone } from '../callers.ts'
import {
  bindByTicket,
  bindTo,
  byCode,
  hour,
  newIdentity,
  newSession,
  newUser,
  now,
  registerUser,
  requireBound,
  rules,
  signIn,
  unlimited,
  withoutAccount,
} from '../drafts.ts'
import type { MakeStores } from '../stores.ts'

const phone = '13800000001'

/** An administrator who could sign in to a mini program in an earlier version: with an identity, a number and a session. */
async function openMixed(make: MakeStores) {
  const stores = await make()
  const { identity, user, session } = await registerUser(stores, {
    identity: newIdentity({ unionid: 'one' }),
  })
  await setPhone(stores, user.id, phone)
  const caller = await callerOf(stores, user.id)
  const ticket = await bindByTicket(stores, user.id, {
    identity: newIdentity({ appId: 'wx3', unionid: 'one' }),
  })
  await stores.makeAdmin(user.id)
  return { stores, identity, userId: user.id, session, caller, ticket }
}

/** No verb for users of mini programs signs an administrator in, whatever the administrator has. */
export function administratorsConform(make: MakeStores): void {
  it('signs in no identity of an administrator, and changes nothing', async () => {
    const { stores, identity, userId } = await openMixed(make)
    const before = await stores.people.bindings(userId, now)
    const request = { identity, session: newSession() }
    const forbidden = { status: 'forbidden' }
    expect(await stores.identities.signIn({ ...request, use: unlimited })).toEqual(forbidden)
    const user = newUser(withoutAccount)
    expect(await stores.identities.signUp({ ...request, user })).toEqual(forbidden)
    expect(await stores.people.bindings(userId, now)).toEqual(before)
  })

  it('binds no identity to an administrator, by a password or a repeated ticket', async () => {
    const { stores, identity, userId, ticket } = await openMixed(make)
    for (const claim of [byCode(identity), byCode(newIdentity({ appId: 'wx2' }))])
      expect(await bindTo(stores, { claim, userId, session: newSession() })).toEqual({
        status: 'credential_rejected',
      })
    const repeated = { claim: ticket.claim, userId, passwordHash: null, session: newSession() }
    expect(await stores.identities.repeat(repeated)).toEqual({ status: 'ticket_rejected' })
    expect(await stores.identities.list(userId)).toHaveLength(2)
  })

  it.each([
    ['fresh', 0],
    ['old', rules.phoneTrust + 1],
  ])('binds and moves no number of an administrator with a %s proof', async (_, age) => {
    const { stores, identity, userId } = await openMixed(make)
    const other = await registerUser(stores)
    const later = { ...rules, now: now + age }
    for (const claimed of [identity, newIdentity({ appId: 'wx2', unionid: 'one' })])
      expect(
        await stores.identities.bindPhone({
          claim: byCode(claimed),
          phone,
          proof: 'proof',
          user: newUser(withoutAccount),
          session: newSession(),
          rules: later,
        }),
      ).toEqual({ status: 'phone_rejected' })
    expect(await setPhone(stores, other.user.id, phone, { now: later.now })).toBe('taken')
    expect(await stores.people.phoneOf(userId)).toBe(phone)
  })

  it('links no identity to an administrator through a unionid, and notes no conflict', async () => {
    const { stores, userId } = await openMixed(make)
    const identity = newIdentity({ appId: 'wx2', unionid: 'one' })
    const session = newSession({ appId: 'wx2' })
    expect(await stores.identities.signIn({ identity, session, use: unlimited })).toEqual({
      status: 'unbound',
    })
    const claim = byCode(identity)
    const created = await stores.identities.register({ claim, user: newUser(), session })
    expect(requireBound(created)).toMatchObject({ newUser: true })
    expect(created).not.toMatchObject({ user: { id: userId } })
    expect((await stores.merges.conflicts({ limit: 9 })).items).toEqual([])
  })

  it('lets no session of an administrator do anything', async () => {
    const { stores, session, caller } = await openMixed(make)
    expect(await stores.users.updateProfile(caller, { nickname: 'x' })).toBe('unauthenticated')
    const refreshed = await stores.sessions.refresh({
      sessionId: session.id,
      presented: { counter: 0, variant: 0, wasNewest: false },
      now,
      expiresAt: now + hour,
      secret: 'secret',
    })
    expect(refreshed).toEqual({ status: 'not_found' })
  })

  it('signs in the user again who lost the role', async () => {
    const { stores, identity, userId } = await openMixed(make)
    await stores.makeAdmin(userId, 'user')
    await signIn(stores, identity)
  })
}
