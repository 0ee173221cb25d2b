import { expect, it } from 'vitest'
import {
  bindByTicket,
  bindTo,
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
  unbind,
  unique,
} from '../drafts.ts'
import type { MakeStores } from '../stores.ts'

const request = { now, ttl: 300_000, maxTries: 3, replayMs: minute }

export function bindingConforms(make: MakeStores): void {
  it('of bindings that race with one ticket one goes through', async () => {
    const stores = await make()
    const { claim } = await issueTicket(stores)
    const users = await race(many, () =>
      registerUser(stores, { identity: newIdentity({ appId: 'wx2' }) }),
    )
    const results = await Promise.all(
      users.map(({ user }) => bindTo(stores, { claim, userId: user.id, session: newSession() })),
    )
    expect(countStatus(results, 'bound')).toBe(1)
    expect(countStatus(results, 'ticket_rejected')).toBe(many - 1)
  })

  it('of registrations that race with one ticket one goes through', async () => {
    const stores = await make()
    const { hash, claim } = await issueTicket(stores)
    const drafts = Array.from({ length: many }, () => newUser())
    const results = await Promise.all(
      drafts.map((user) => stores.identities.register({ claim, user, session: newSession() })),
    )
    expect(countStatus(results, 'bound')).toBe(1)
    expect(countStatus(results, 'ticket_rejected')).toBe(many - 1)
    const winner = drafts[results.findIndex(({ status }) => status === 'bound')]
    expect((await stores.tickets.find({ ...request, hash }))?.used).toEqual({
      userId: winner?.id,
      proof: null,
    })
    for (const { id } of drafts)
      expect((await stores.people.find(id)) !== null).toBe(id === winner?.id)
  })

  it('of registrations that race for one account name one goes through', async () => {
    const { identities } = await make()
    const account = unique('account')
    const results = await race(many, () => {
      const user = newUser({ account, accountKey: account })
      return identities.register({ claim: byCode(newIdentity()), user, session: newSession() })
    })
    expect(countStatus(results, 'bound')).toBe(1)
    expect(countStatus(results, 'account_taken')).toBe(many - 1)
  })

  it('of users that race for one identity one gets it', async () => {
    const stores = await make()
    const identity = newIdentity({ appId: 'wx2' })
    const users = await race(4, () => registerUser(stores))
    const results = await Promise.all(
      users.map(({ user }) =>
        bindTo(stores, {
          claim: byCode(identity),
          userId: user.id,
          session: newSession({ appId: 'wx2' }),
        }),
      ),
    )
    expect(countStatus(results, 'bound')).toBe(1)
    expect(countStatus(results, 'identity_taken')).toBe(3)
  })

  it('of identities of one app that race for one user one is bound', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    const results = await race(4, () =>
      bindTo(stores, {
        claim: byCode(newIdentity({ appId: 'wx2' })),
        userId: user.id,
        session: newSession({ appId: 'wx2' }),
      }),
    )
    expect(countStatus(results, 'bound')).toBe(1)
    expect(countStatus(results, 'account_taken')).toBe(3)
    expect(await stores.identities.list(user.id)).toHaveLength(2)
  })

  it('refuses a second user for an identity and a second identity in an app, and repeats a binding', async () => {
    const stores = await make()
    const ming = await registerUser(stores)
    const hong = await registerUser(stores)
    const bind = (identity = newIdentity()) =>
      bindTo(stores, {
        claim: byCode(identity),
        userId: hong.user.id,
        session: newSession(),
      })
    expect(await bind(ming.identity)).toEqual({ status: 'identity_taken' })
    expect(await bind()).toEqual({ status: 'account_taken' })
    expect(await bind(hong.identity)).toMatchObject({
      status: 'bound',
      user: { id: hong.user.id },
      newUser: false,
    })
    expect(await stores.identities.list(hong.user.id)).toHaveLength(1)
  })

  it('never registers an identity that has an owner', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores)
    const draft = newUser()
    const result = await stores.identities.register({
      claim: byCode(identity),
      user: draft,
      session: newSession(),
    })
    expect(result).toEqual({ status: 'identity_taken' })
    expect(await stores.people.find(draft.id)).toBeNull()
    expect(await stores.identities.list(user.id)).toHaveLength(1)
  })

  it('refuses a ticket that does not exist, and a user that does not exist', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    const { claim } = await issueTicket(stores)
    const unknown = { ...claim, ticketHash: 'unknown' }
    const session = newSession()
    const { identities } = stores
    const refused = { status: 'ticket_rejected' }
    expect(await bindTo(stores, { claim: unknown, userId: user.id, session })).toEqual(refused)
    expect(await bindTo(stores, { claim, userId: 'unknown', session })).toEqual(refused)
    expect(await identities.register({ claim: unknown, user: newUser(), session })).toEqual(refused)
    expect(await stores.sessions.find(session.id)).toBeNull()
  })

  it('leaves the ticket and everything else as it was where it refuses', async () => {
    const stores = await make()
    const ming = await registerUser(stores)
    const disabled = await registerUser(stores, { identity: newIdentity({ appId: 'wx2' }) })
    await stores.people.disable(disabled.user.id, now)
    const { hash, claim } = await issueTicket(stores)
    const { account } = ming.user
    const session = newSession()
    const { identities } = stores
    const results = [
      await identities.register({
        claim,
        user: newUser({ account, accountKey: account }),
        session,
      }),
      await bindTo(stores, { claim, userId: ming.user.id, session }),
      await bindTo(stores, { claim, userId: disabled.user.id, session }),
    ]
    expect(results).toEqual([
      { status: 'account_taken' },
      { status: 'account_taken' },
      { status: 'user_disabled' },
    ])
    expect(await stores.tickets.find({ ...request, hash })).toEqual({
      identity: claim.identity,
      used: null,
    })
    expect(await stores.sessions.find(session.id)).toBeNull()
    expect(await identities.list(ming.user.id)).toHaveLength(1)
    expect(await identities.list(disabled.user.id)).toHaveLength(1)
  })

  it('repeats a binding by another session of the same user', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    const { claim } = await bindByTicket(stores, user.id, {
      identity: newIdentity({ appId: 'wx2' }),
    })
    const session = newSession({ appId: 'wx2' })
    expect(
      await stores.identities.repeat({ claim, userId: user.id, passwordHash: 'hash', session }),
    ).toMatchObject({
      status: 'bound',
      user: { id: user.id },
      newUser: false,
    })
    expect((await stores.sessions.find(session.id))?.user.id).toBe(user.id)
  })

  it('repeats no binding of a user who is disabled or does not exist', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    const { claim } = await bindByTicket(stores, user.id, {
      identity: newIdentity({ appId: 'wx2' }),
    })
    await stores.people.disable(user.id, now)
    const session = newSession()
    const repeat = (userId: string) =>
      stores.identities.repeat({ claim, userId, passwordHash: 'hash', session })
    expect(await repeat(user.id)).toEqual({ status: 'user_disabled' })
    expect(await repeat('unknown')).toEqual({ status: 'ticket_rejected' })
    expect(await stores.sessions.find(session.id)).toBeNull()
  })

  it('binds and repeats by the password only that the user has in that moment', async () => {
    const stores = await make()
    const { user, session } = await registerUser(stores)
    const userId = user.id
    const { claim } = await issueTicket(stores, { identity: newIdentity({ appId: 'wx2' }) })
    const bindBy = (passwordHash: string | null) =>
      stores.identities.bind({ claim, userId, passwordHash, session: newSession({ appId: 'wx2' }) })
    const repeatBy = (passwordHash: string | null) =>
      stores.identities.repeat({
        claim,
        userId,
        passwordHash,
        session: newSession({ appId: 'wx2' }),
      })
    const refused = { status: 'credential_rejected' }
    for (const another of ['another', null]) expect(await bindBy(another)).toEqual(refused)
    expect(await bindBy('hash')).toMatchObject({ status: 'bound' })
    expect(await repeatBy('another')).toEqual(refused)
    const other = byCode(newIdentity({ appId: 'wx3' }))
    const caller = { sessionId: session.id, userId, now }
    const thief = { claim: other, userId, passwordHash: 'hash', session: newSession() }
    const changed = stores.users.changePassword({ caller, from: 'hash', to: 'new', provenBy: null })
    if (!stores.writesInOrder) await changed
    const [, bound, repeated] = await Promise.all([
      changed,
      stores.identities.bind(thief),
      repeatBy('hash'),
    ])
    expect([bound, repeated]).toEqual([refused, refused])
    expect(await stores.sessions.list(userId, now)).toMatchObject([{ id: session.id }])
    expect(await stores.identities.list(userId)).toHaveLength(2)
    expect(await repeatBy('new')).toMatchObject({ status: 'bound' })
  })

  it('repeats a binding only while it stands, for the user whom the ticket was used for', async () => {
    const stores = await make()
    const [ming, hong] = [await registerUser(stores), await registerUser(stores)]
    const identity = newIdentity({ appId: 'wx2' })
    const { claim } = await bindByTicket(stores, ming.user.id, { identity })
    const session = newSession({ appId: 'wx2' })
    const repeat = (userId: string) =>
      stores.identities.repeat({ claim, userId, passwordHash: 'hash', session })
    const refused = { status: 'ticket_rejected' }
    expect(await repeat(hong.user.id)).toEqual(refused)
    await unbind(stores, { userId: ming.user.id, appId: 'wx2' })
    expect(await repeat(ming.user.id)).toEqual(refused)
    // A later binding of the same identity is not the one that this ticket made.
    const again = newSession({ appId: 'wx2', createdAt: now + 1 })
    const later = { claim: byCode(identity), userId: ming.user.id, session: again }
    requireBound(await bindTo(stores, later))
    expect(await repeat(ming.user.id)).toEqual(refused)
    await unbind(stores, { userId: ming.user.id, appId: 'wx2' })
    requireBound(await bindTo(stores, { ...later, userId: hong.user.id, session: newSession() }))
    for (const { user } of [ming, hong]) expect(await repeat(user.id)).toEqual(refused)
    expect(await stores.sessions.find(session.id)).toBeNull()
  })

  it('repeats nothing with a ticket that was not used, or without one', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores)
    const { claim } = await issueTicket(stores, { identity })
    for (const unused of [claim, byCode(identity)]) {
      const request = {
        claim: unused,
        userId: user.id,
        passwordHash: 'hash',
        session: newSession(),
      }
      expect(await stores.identities.repeat(request)).toEqual({ status: 'ticket_rejected' })
    }
  })
}
