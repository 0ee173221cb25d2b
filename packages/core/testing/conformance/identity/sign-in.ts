import { expect, it } from 'vitest'
import {
  hour,
  many,
  minute,
  newIdentity,
  newSession,
  newUser,
  now,
  race,
  registerUser,
  unlimited,
  withoutAccount,
} from '../drafts.ts'
import type { MakeStores } from '../stores.ts'

export function signInConforms(make: MakeStores): void {
  it('opens no session for an unknown identity', async () => {
    const { identities, sessions } = await make()
    const session = newSession()
    const request = { identity: newIdentity(), session, use: unlimited }
    expect(await identities.signIn(request)).toEqual({ status: 'unbound' })
    expect(await sessions.find(session.id)).toBeNull()
  })

  it('opens a session of the user that the identity is bound to', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores)
    await registerUser(stores)
    const session = newSession({ device: 'Phone' })
    const result = await stores.identities.signIn({ identity, session, use: unlimited })
    expect(result).toMatchObject({ status: 'bound', user: { id: user.id }, newUser: false })
    expect(await stores.sessions.findRecord(session.id)).toMatchObject({
      ...session,
      userId: user.id,
    })
  })

  it('seals a session key of a former key again, and keeps the previous one', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores)
    const signIn = async (key: typeof identity.key) => {
      const session = newSession()
      await stores.identities.signIn({ identity: { ...identity, key }, session, use: unlimited })
      return stores.identities.sessionKeys({ userId: user.id, appId: 'wx1' })
    }
    const second = { sealed: 'second', fingerprint: 'second under the former key' }
    const keys = ['second', identity.key.sealed]
    expect(await signIn(second)).toMatchObject({ keys })
    const again = {
      sealed: 'second again',
      fingerprint: 'second under the new key',
      formerFingerprints: [second.fingerprint],
    }
    const resealed = { keys: ['second again', identity.key.sealed] }
    expect(await signIn(again)).toMatchObject(resealed)
    // Under the new key it is the same session key, which is not stored again.
    expect(await signIn({ ...again, sealed: 'another' })).toMatchObject(resealed)
  })

  it('takes one openid text in two apps as two identities', async () => {
    const stores = await make()
    const { identity } = await registerUser(stores)
    const other = { ...identity, appId: 'wx2' }
    const request = { identity: other, session: newSession(), use: unlimited }
    expect(await stores.identities.signIn(request)).toEqual({ status: 'unbound' })
  })

  it('opens no session for a disabled user', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores)
    await stores.people.disable(user.id, now)
    const session = newSession()
    const request = { identity, session, use: unlimited }
    expect(await stores.identities.signIn(request)).toEqual({ status: 'user_disabled' })
    expect(await stores.sessions.find(session.id)).toBeNull()
  })

  it.each([0, 2])(
    'counts its use first and opens exactly as many sessions as the limit, with %i unwritten',
    async (unwritten) => {
      const stores = await make()
      const { identity, user } = await registerUser(stores)
      const use = { key: 'one openid', limit: 3, windowMs: minute, now, unwritten }
      const signIn = () => stores.identities.signIn({ identity, session: newSession(), use })
      const results = await race(many, signIn)
      expect(results.filter(({ status }) => status === 'bound')).toHaveLength(3)
      expect(results.at(-1)).toEqual({ status: 'limited', endsAt: now + minute })
      expect(await stores.sessions.list(user.id, now)).toHaveLength(4)
      const unknown = { identity: newIdentity(), session: newSession(), use }
      expect(await stores.identities.signIn(unknown)).toMatchObject({ status: 'limited' })
      const later = { ...use, now: now + minute }
      const afterwards = { identity, session: newSession(), use: later }
      expect(await stores.identities.signIn(afterwards)).toMatchObject({ status: 'bound' })
    },
  )

  it('counts the use of an identity that is not bound', async () => {
    const { identities } = await make()
    const use = { key: 'one openid', limit: 1, windowMs: minute, now, unwritten: 0 }
    const request = { identity: newIdentity(), use }
    expect(await identities.signIn({ ...request, session: newSession() })).toMatchObject({
      status: 'unbound',
    })
    expect(await identities.signIn({ ...request, session: newSession() })).toMatchObject({
      status: 'limited',
    })
  })

  it('of a sign-in and a first binding that race sees the binding whole or not at all', async () => {
    const stores = await make()
    const identity = newIdentity()
    const session = newSession()
    const user = newUser()
    const claim = { identity, ticketHash: null }
    const [result] = await Promise.all([
      stores.identities.signIn({ identity, session, use: unlimited }),
      stores.identities.register({ claim, user, session: newSession() }),
    ])
    const found = await stores.sessions.find(session.id)
    if (result.status === 'bound') expect(found?.user.id).toBe(user.id)
    else expect([result.status, found]).toEqual(['unbound', null])
  })

  it('of a sign-in and a disabling that race leaves no open session', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores)
    const signIn = () =>
      stores.identities.signIn({ identity, session: newSession(), use: unlimited })
    await Promise.all([race(4, signIn), stores.people.disable(user.id, now), race(4, signIn)])
    expect(await stores.sessions.list(user.id, now)).toEqual([])
  })
}

export function signUpConforms(make: MakeStores): void {
  it('of first sign-ins that race with one identity one makes the user', async () => {
    const { identities, sessions } = await make()
    const identity = newIdentity()
    const opened = Array.from({ length: many }, () => newSession())
    const results = await Promise.all(
      opened.map((session) =>
        identities.signUp({ identity, user: newUser(withoutAccount), session }),
      ),
    )
    const ids = results.map((result) => (result.status === 'bound' ? result.user.id : 'refused'))
    expect(new Set(ids).size).toBe(1)
    expect(results.filter((result) => result.status === 'bound' && result.newUser)).toHaveLength(1)
    for (const { id } of opened) expect((await sessions.find(id))?.user.id).toBe(ids[0])
  })

  it('makes the user as it was drafted', async () => {
    const { identities, people } = await make()
    const user = newUser({ ...withoutAccount, createdAt: now - hour })
    await identities.signUp({ identity: newIdentity(), user, session: newSession() })
    expect(await people.find(user.id)).toEqual({
      id: user.id,
      account: null,
      phone: null,
      nickname: null,
      avatarUrl: null,
      role: 'user',
      createdAt: now - hour,
      disabledAt: null,
      externalId: null,
      lastSeenAt: now,
      appIds: ['wx1'],
      hasPassword: false,
    })
  })

  it('signs in the user that has the identity already, unless it is disabled', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores)
    const signUp = () =>
      stores.identities.signUp({ identity, user: newUser(withoutAccount), session: newSession() })
    expect(await signUp()).toMatchObject({ status: 'bound', user: { id: user.id }, newUser: false })
    await stores.people.disable(user.id, now)
    expect(await signUp()).toEqual({ status: 'user_disabled' })
  })

  it('never makes a second user with one id or one account name, and changes nothing then', async () => {
    const { users, ...stores } = await make()
    const { user } = await registerUser(stores)
    const identity = newIdentity()
    const session = newSession()
    const { id, account } = user
    for (const taken of [newUser({ id }), newUser({ account, accountKey: account })])
      await expect(stores.identities.signUp({ identity, user: taken, session })).rejects.toThrow()
    expect(await stores.sessions.find(session.id)).toBeNull()
    const request = { identity, session, use: unlimited }
    expect(await stores.identities.signIn(request)).toEqual({ status: 'unbound' })
    expect((await users.findByAccount(account ?? ''))?.id).toBe(id)
  })
}
