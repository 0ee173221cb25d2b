import { expect, it } from 'vitest'
import type { Identity } from '../../../src/index.ts'
import { callerOf, setPhone } from '../callers.ts'
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
  signIn,
  unbind,
  unlimited,
  withoutAccount,
} from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'

/** Binds another identity to a user and returns the session that this opens. */
async function bindAnother(
  stores: TestedStores,
  userId: string,
  identity: Identity,
  createdAt = now,
) {
  const session = newSession({ appId: identity.appId, createdAt })
  requireBound(await bindTo(stores, { claim: byCode(identity), userId, session }))
  return session
}

export function unbindingConforms(make: MakeStores): void {
  it('lists the identities of a user, the oldest binding first', async () => {
    const stores = await make()
    const user = newUser({ createdAt: now + 2 })
    const opened = newSession({ createdAt: now + 2, device: 'Phone' })
    const { identity } = await registerUser(stores, { user, session: opened })
    await registerUser(stores)
    for (const [appId, at] of [
      ['wx4', now + 3],
      ['wx3', now + 3],
      ['wx2', now + 1],
    ] as const)
      await bindAnother(stores, user.id, newIdentity({ appId }), at)
    await signIn(stores, identity, { createdAt: now + 9, device: 'Another' })
    await signIn(stores, identity, { createdAt: now + 8 })
    const byPassword = { boundBy: 'password', device: null }
    expect(await stores.identities.list(user.id)).toEqual([
      { appId: 'wx2', boundAt: now + 1, lastSeenAt: now + 1, ...byPassword },
      {
        appId: 'wx1',
        boundAt: now + 2,
        boundBy: 'register',
        lastSeenAt: now + 9,
        device: 'Phone',
      },
      { appId: 'wx3', boundAt: now + 3, lastSeenAt: now + 3, ...byPassword },
      { appId: 'wx4', boundAt: now + 3, lastSeenAt: now + 3, ...byPassword },
    ])
    await stores.people.endSessions({ userId: user.id })
    expect(await stores.identities.list(user.id)).toContainEqual(
      expect.objectContaining({ appId: 'wx1', lastSeenAt: now + 9 }),
    )
    expect(await stores.identities.list('unknown')).toEqual([])
  })

  it('ends the sessions that the identity opened, but for the one to keep', async () => {
    const stores = await make()
    const { user, identity, session } = await registerUser(stores)
    const second = newIdentity({ appId: 'wx2' })
    const other = await bindAnother(stores, user.id, second)
    const another = await signIn(stores, second)
    const stranger = await registerUser(stores, { identity: newIdentity({ appId: 'wx2' }) })
    const { identities, sessions } = stores
    const request = {
      userId: user.id,
      appId: 'wx2',
      caller: { sessionId: another.id, userId: user.id, now },
    }
    expect(await unbind(stores, request)).toBe('unbound')
    expect(await sessions.find(other.id)).toBeNull()
    for (const { id } of [session, another, stranger.session])
      expect(await sessions.find(id)).not.toBeNull()
    expect(
      await identities.signIn({ identity: second, session: newSession(), use: unlimited }),
    ).toEqual({ status: 'unbound' })
    await signIn(stores, identity)
    expect(await identities.list(stranger.user.id)).toHaveLength(1)
  })

  it('ends every session that the identity opened where none is to be kept', async () => {
    const stores = await make()
    const { user, session } = await registerUser(stores)
    const request = { userId: user.id, appId: 'wx1' }
    expect(await unbind(stores, request)).toBe('unbound')
    expect(await stores.sessions.find(session.id)).toBeNull()
  })

  it('finds no identity in an app where the user has none, and none of an unknown user', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    await registerUser(stores, { identity: newIdentity({ appId: 'wx2' }) })
    for (const userId of [user.id, 'unknown'])
      expect(await unbind(stores, { userId, appId: 'wx2' })).toBe('not_found')
  })

  it.each([
    ['nothing else', withoutAccount, null, 'last'],
    ['an account name without a password', { passwordHash: null }, null, 'last'],
    [
      'a password without an account name',
      { ...withoutAccount, passwordHash: 'hash' },
      null,
      'last',
    ],
    ['an account name with a password', {}, null, 'unbound'],
    // It would vouch for its owner for a limited time.
    ['a phone number', withoutAccount, '13800000001', 'last'],
    [
      'a phone number with a password',
      { ...withoutAccount, passwordHash: 'hash' },
      '13800000001',
      'unbound',
    ],
  ] as const)('of the only identity of a user with %s', async (_, credentials, phone, result) => {
    const stores = await make()
    const { user, session } = await registerUser(stores, { user: newUser(credentials) })
    if (phone !== null) await setPhone(stores, user.id, phone)
    const request = { userId: user.id, appId: 'wx1' }
    expect(await unbind(stores, request)).toBe(result)
    const isLeft = result === 'last'
    expect(await stores.identities.list(user.id)).toHaveLength(isLeft ? 1 : 0)
    expect((await stores.sessions.find(session.id)) !== null).toBe(isLeft)
  })

  it.each([
    ['another unionid', 'other', 'last'],
    ['no unionid', null, 'last'],
    ['the same unionid', 'one', 'unbound'],
  ] as const)(
    'counts a number beside an identity of %s in an app that is not configured: %s, %s',
    async (_, unionid, result) => {
      const stores = await make()
      const user = newUser(withoutAccount)
      await registerUser(stores, { user, identity: newIdentity({ unionid: 'one' }) })
      await bindAnother(stores, user.id, newIdentity({ appId: 'gone', unionid }))
      const request = { userId: user.id, appId: 'wx1' }
      expect(await unbind(stores, request)).toBe('last')
      await setPhone(stores, user.id, '13800000001')
      expect(await unbind(stores, request)).toBe(result)
    },
  )

  it('counts an identity in an app that is configured only', async () => {
    const stores = await make()
    const { user } = await registerUser(stores, { user: newUser(withoutAccount) })
    await bindAnother(stores, user.id, newIdentity({ appId: 'gone' }))
    const request = { userId: user.id, appId: 'wx1' }
    expect(await unbind(stores, request)).toBe('last')
    const configured = { ...rules, appIds: ['wx1', 'gone'] }
    expect(await unbind(stores, { ...request, rules: configured })).toBe('unbound')
  })

  it('of calls that race for the last two identities one is refused', async () => {
    const stores = await make()
    const { user, session } = await registerUser(stores, { user: newUser(withoutAccount) })
    await bindAnother(stores, user.id, newIdentity({ appId: 'wx2' }))
    const request = { userId: user.id, caller: { sessionId: session.id, userId: user.id, now } }
    const results = await race(2, (index) =>
      unbind(stores, { ...request, appId: `wx${index + 1}` }),
    )
    expect(results.sort()).toEqual(['last', 'unbound'])
    expect(await stores.identities.list(user.id)).toHaveLength(1)
  })

  it('of calls that race for one identity one unbinds it', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    const results = await race(4, () => unbind(stores, { userId: user.id, appId: 'wx1' }))
    expect(results.sort()).toEqual(['not_found', 'not_found', 'not_found', 'unbound'])
  })
}

export function sessionKeysConform(make: MakeStores): void {
  it('keeps the newest key and the one before', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores)
    const [second, third] = [newIdentity().key, newIdentity().key]
    const keys = async () =>
      (await stores.identities.sessionKeys({ userId: user.id, appId: 'wx1' }))?.keys
    expect(await keys()).toEqual([identity.key.sealed])
    await signIn(stores, { ...identity, key: second })
    expect(await keys()).toEqual([second.sealed, identity.key.sealed])
    await signIn(stores, { ...identity, key: third })
    expect(await keys()).toEqual([third.sealed, second.sealed])
  })

  it('keeps what it has where WeChat gives the same key again', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores)
    const { key } = newIdentity()
    await signIn(stores, { ...identity, key })
    await signIn(stores, { ...identity, key: { ...key, sealed: 'sealed again' } })
    expect(await stores.identities.sessionKeys({ userId: user.id, appId: 'wx1' })).toEqual({
      openid: identity.openid,
      keys: [key.sealed, identity.key.sealed],
    })
  })

  it('confirms an identity of the user, and takes its new key', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores)
    const other = await registerUser(stores)
    const { key } = newIdentity()
    const confirm = async (change: Partial<Identity>, userId = user.id) => {
      const caller = await callerOf(stores, userId)
      return stores.identities.confirm({ identity: { ...identity, key, ...change }, caller })
    }
    expect(await confirm({ openid: other.identity.openid })).toBe(false)
    expect(await confirm({ openid: 'unknown' })).toBe(false)
    expect(await confirm({ appId: 'wx2' })).toBe(false)
    expect(await confirm({}, other.user.id)).toBe(false)
    const keys = async () =>
      (await stores.identities.sessionKeys({ userId: user.id, appId: 'wx1' }))?.keys
    expect(await keys()).toEqual([identity.key.sealed])
    expect(await confirm({})).toBe(true)
    expect(await keys()).toEqual([key.sealed, identity.key.sealed])
  })

  it('takes a new key from a repeated binding too', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores)
    const { key } = newIdentity()
    await bindAnother(stores, user.id, { ...identity, key })
    const found = await stores.identities.sessionKeys({ userId: user.id, appId: 'wx1' })
    expect(found?.keys).toEqual([key.sealed, identity.key.sealed])
  })

  it('keeps the key of the newest ticket, in whatever order the tickets are used', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    for (const [appId, order] of [
      ['wx2', [0, 1]],
      ['wx3', [1, 0]],
    ] as const) {
      const identity = newIdentity({ appId })
      const issued = [identity, { ...identity, key: newIdentity().key }]
      const tickets = []
      for (const each of issued) tickets.push(await issueTicket(stores, { identity: each }))
      // A ticket of another identity.
      await issueTicket(stores, { identity: newIdentity({ appId }) })
      const keys = []
      for (const index of order) {
        const claim = tickets[index]?.claim ?? byCode(identity)
        const session = newSession({ appId })
        requireBound(await bindTo(stores, { claim, userId: user.id, session }))
        keys.push((await stores.identities.sessionKeys({ userId: user.id, appId }))?.keys[0])
      }
      const newest = issued[1]?.key.sealed
      expect(keys).toEqual([newest, newest])
    }
  })

  it('keeps the key of a sign-in where an older ticket is used after it', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    const identity = newIdentity({ appId: 'wx2' })
    const older = await issueTicket(stores, { identity })
    await bindAnother(stores, user.id, { ...identity, key: newIdentity().key })
    const { key } = newIdentity()
    await signIn(stores, { ...identity, key })
    const session = newSession({ appId: 'wx2' })
    requireBound(await bindTo(stores, { claim: older.claim, userId: user.id, session }))
    const found = await stores.identities.sessionKeys({ userId: user.id, appId: 'wx2' })
    expect(found?.keys[0]).toBe(key.sealed)
  })

  it('returns the keys of one user in one app, or null', async () => {
    const stores = await make()
    const { user } = await registerUser(stores)
    const second = newIdentity({ appId: 'wx2' })
    await bindAnother(stores, user.id, second)
    const other = await registerUser(stores, { identity: newIdentity({ appId: 'wx3' }) })
    const keys = (userId: string, appId: string) => stores.identities.sessionKeys({ userId, appId })
    expect(await keys(user.id, 'wx2')).toEqual({
      openid: second.openid,
      keys: [second.key.sealed],
    })
    expect(await keys(user.id, 'wx3')).toBeNull()
    expect(await keys(other.user.id, 'wx2')).toBeNull()
    expect(await keys('unknown', 'wx1')).toBeNull()
  })
}
