import type { Claim, Identity, NewSession, NewUser, Ports } from '@mianmi/core'
import { describe, expect, it } from 'vitest'

export type Stores = Pick<
  Ports,
  'users' | 'avatars' | 'identities' | 'tickets' | 'sessions' | 'limits'
>

const minute = 60_000
const now = 1_800_000_000_000
const many = 32

let serial = 0
const next = (prefix: string): string => `${prefix}-${++serial}`

function identity(change: Partial<Identity> = {}): Identity {
  const key = { sealed: next('sealed'), fingerprint: next('fingerprint') }
  return { appId: 'wx1', openid: next('openid'), unionid: null, key, ...change }
}

function newSession(change: Partial<NewSession> = {}): NewSession {
  return {
    id: next('session'),
    appId: 'wx1',
    device: null,
    createdAt: now,
    expiresAt: now + 60 * minute,
    ...change,
  }
}

function newUser(account: string | null = next('account')): NewUser {
  return {
    id: next('user'),
    account,
    accountKey: account,
    passwordHash: account === null ? null : 'hash',
    createdAt: now,
  }
}

/** A use that nothing limits. */
const use = { key: 'login', limit: 1_000, windowMs: 1, now, unwritten: 0 }

const byCode = (of: Identity): Claim => ({ identity: of, ticketHash: null })
const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)))
const count = (results: readonly { status: string }[], status: string): number =>
  results.filter((result) => result.status === status).length

/** What every store must do, whatever database it keeps things in. A new store runs it in three lines. */
export function storeConformance(open: () => Promise<Stores>): void {
  describe('identities', () => identitiesConform(open))
  describe('binding by ticket', () => ticketsConform(open))
  describe('binding by phone', () => phonesConform(open))
  describe('unionids', () => unionidsConform(open))
  describe('sessions', () => sessionsConform(open))
  describe('users', () => usersConform(open))
  describe('limits', () => limitsConform(open))
}

async function registered(stores: Stores, change: { identity?: Identity; user?: NewUser } = {}) {
  const mine = change.identity ?? identity()
  const user = change.user ?? newUser()
  const session = newSession({ appId: mine.appId })
  const result = await stores.identities.register({ claim: byCode(mine), user, session })
  if (result.status !== 'bound') throw new Error(result.status)
  return { identity: mine, user: result.user, session }
}

function identitiesConform(open: () => Promise<Stores>): void {
  it('an unknown identity is unbound, and no session opens for it', async () => {
    const { identities, sessions } = await open()
    const session = newSession()
    expect(await identities.signIn({ identity: identity(), session, use })).toEqual({
      status: 'unbound',
    })
    expect(await sessions.find(session.id)).toBeNull()
  })

  it('a bound identity opens a session of its user', async () => {
    const stores = await open()
    const { identity: mine, user } = await registered(stores)
    const session = newSession()
    const result = await stores.identities.signIn({ identity: mine, session, use })
    expect(result).toMatchObject({ status: 'bound', user: { id: user.id }, newUser: false })
    expect((await stores.sessions.find(session.id))?.user.id).toBe(user.id)
  })

  it('a sign-in past its limit is refused and opens nothing', async () => {
    const stores = await open()
    const { identity: mine } = await registered(stores)
    const once = { key: 'login', limit: 1, windowMs: minute, now, unwritten: 0 }
    const signIn = (session: NewSession) =>
      stores.identities.signIn({ identity: mine, session, use: once })
    expect((await signIn(newSession())).status).toBe('bound')
    const late = newSession()
    expect(await signIn(late)).toEqual({ status: 'limited', endsAt: now + minute })
    expect(await stores.sessions.find(late.id)).toBeNull()
  })

  it('one openid text in two apps is two identities', async () => {
    const stores = await open()
    const { identity: mine } = await registered(stores)
    const other = { ...mine, appId: 'wx2' }
    const result = await stores.identities.signIn({ identity: other, session: newSession(), use })
    expect(result.status).toBe('unbound')
  })

  it('first sign-ups of one identity that race make one user', async () => {
    const { identities } = await open()
    const mine = identity()
    const results = await times(many, () =>
      identities.signUp({ identity: mine, user: newUser(null), session: newSession() }),
    )
    const users = results.map((result) => (result.status === 'bound' ? result.user.id : 'refused'))
    expect(new Set(users).size).toBe(1)
    expect(results.filter((result) => result.status === 'bound' && result.newUser)).toHaveLength(1)
  })

  it('registrations that race for one account name make one user', async () => {
    const { identities } = await open()
    const results = await times(many, () => {
      const user = { ...newUser('wanted'), id: next('user') }
      return identities.register({ claim: byCode(identity()), user, session: newSession() })
    })
    expect(count(results, 'bound')).toBe(1)
    expect(count(results, 'account_taken')).toBe(many - 1)
  })

  it('a second user for an identity and a second identity for a user are refused', async () => {
    const stores = await open()
    const ming = await registered(stores)
    const hong = await registered(stores)
    const bind = (mine: Identity, userId: string) =>
      stores.identities.bind({ claim: byCode(mine), userId, session: newSession() })
    expect((await bind(ming.identity, hong.user.id)).status).toBe('identity_taken')
    expect((await bind(identity(), hong.user.id)).status).toBe('account_taken')
    expect((await bind(hong.identity, hong.user.id)).status).toBe('bound')
    expect(await stores.identities.list(hong.user.id)).toHaveLength(1)
  })

  it('keeps the newest session key and the one before, and a repeated key pushes nothing out', async () => {
    const stores = await open()
    const { identity: first, user } = await registered(stores)
    const second = { ...first, key: identity().key }
    const signIn = (known: Identity) =>
      stores.identities.signIn({ identity: known, session: newSession(), use })
    await signIn(second)
    await signIn({ ...second, key: { ...second.key, sealed: 'sealed again' } })
    const kept = await stores.identities.sessionKeys({ userId: user.id, appId: 'wx1' })
    expect(kept).toEqual({
      openid: first.openid,
      keys: [second.key.sealed, first.key.sealed],
    })
  })

  it('unbinding ends what the identity opened, and the last way in stays', async () => {
    const stores = await open()
    const { identities, sessions } = stores
    const { user, session } = await registered(stores, { user: newUser(null) })
    const unbind = (appId: string) =>
      identities.unbind({ userId: user.id, appId, keepSessionId: session.id })
    expect(await unbind('wx1')).toBe('last')
    expect(await unbind('wx9')).toBe('not_found')
    const other = newSession({ appId: 'wx2' })
    const second = identity({ appId: 'wx2' })
    await identities.bind({ claim: byCode(second), userId: user.id, session: other })
    expect(await unbind('wx2')).toBe('unbound')
    expect(await sessions.find(other.id)).toBeNull()
    expect(await sessions.find(session.id)).not.toBeNull()
    expect(await identities.signIn({ identity: second, session: newSession(), use })).toEqual({
      status: 'unbound',
    })
  })

  it('of unbindings that race for the last two identities one is refused', async () => {
    const stores = await open()
    const { user, session } = await registered(stores, { user: newUser(null) })
    const second = identity({ appId: 'wx2' })
    const claim = byCode(second)
    await stores.identities.bind({ claim, userId: user.id, session: newSession({ appId: 'wx2' }) })
    const unbind = (appId: string) =>
      stores.identities.unbind({ userId: user.id, appId, keepSessionId: session.id })
    const results = await Promise.all([unbind('wx1'), unbind('wx2')])
    expect(results.sort()).toEqual(['last', 'unbound'])
  })
}

async function ticketFor(stores: Stores, of = identity(), expiresAt = now + minute) {
  const hash = next('hash')
  await stores.tickets.issue({ hash, identity: of, expiresAt }, now)
  return { hash, claim: { identity: of, ticketHash: hash } }
}

function ticketsConform(open: () => Promise<Stores>): void {
  const look = { now, maxTries: 3, replayMs: minute }

  it('a ticket is found until its time, by nobody else’s hash', async () => {
    const stores = await open()
    const { hash, claim } = await ticketFor(stores)
    const { tickets } = stores
    const found = await tickets.find({ hash, ...look })
    expect(found).toEqual({ identity: claim.identity, used: null })
    expect(await tickets.find({ ...look, hash: 'other' })).toBeNull()
    expect(await tickets.find({ ...look, hash, now: now + minute })).toBeNull()
  })

  it('tries that race are counted one by one, and burn the ticket', async () => {
    const stores = await open()
    const { hash } = await ticketFor(stores)
    const spent = await times(many, () => stores.tickets.spendTry({ hash, now, maxTries: 3 }))
    expect(spent.filter(Boolean)).toHaveLength(3)
    expect(await stores.tickets.find({ hash, ...look })).toBeNull()
  })

  it('of bindings that race with one ticket one goes through', async () => {
    const stores = await open()
    const { claim } = await ticketFor(stores)
    const results = await times(many, () =>
      stores.identities.register({ claim, user: newUser(), session: newSession() }),
    )
    expect(count(results, 'bound')).toBe(1)
    expect(count(results, 'ticket_rejected')).toBe(many - 1)
  })

  it('a used ticket says by whom for a while, and then is gone', async () => {
    const stores = await open()
    const { hash, claim } = await ticketFor(stores)
    const user = newUser()
    await stores.identities.register({ claim, user, session: newSession() })
    const soon = await stores.tickets.find({ ...look, hash, now: now + minute - 1 })
    expect(soon?.used).toEqual({ userId: user.id, proof: null })
    expect(await stores.tickets.find({ ...look, hash, now: now + minute })).toBeNull()
  })

  it('a refused binding leaves its ticket whole', async () => {
    const stores = await open()
    const { user } = await registered(stores)
    const { hash, claim } = await ticketFor(stores)
    const taken = { ...newUser(user.account), id: next('user') }
    const result = await stores.identities.register({ claim, user: taken, session: newSession() })
    expect(result.status).toBe('account_taken')
    expect((await stores.tickets.find({ hash, ...look }))?.used).toBeNull()
  })
}

function phonesConform(open: () => Promise<Stores>): void {
  const bindPhone = (stores: Stores, phone: string, of = identity()) =>
    stores.identities.bindPhone({
      claim: byCode(of),
      phone,
      proof: 'proof',
      user: newUser(null),
      session: newSession({ appId: of.appId }),
    })

  it('of first bindings that race with one number one makes its user', async () => {
    const stores = await open()
    const results = await times(many, () => bindPhone(stores, '13800000001'))
    expect(count(results, 'bound')).toBe(1)
    expect(count(results, 'phone_rejected')).toBe(many - 1)
  })

  it('a number brings its user along to another app, but not to another person in one', async () => {
    const stores = await open()
    const first = await bindPhone(stores, '13800000002')
    const elsewhere = await bindPhone(stores, '13800000002', identity({ appId: 'wx2' }))
    expect(elsewhere).toMatchObject({ status: 'bound', newUser: false })
    expect(elsewhere).toMatchObject({ user: { id: first.status === 'bound' && first.user.id } })
    expect((await bindPhone(stores, '13800000002')).status).toBe('phone_rejected')
  })

  it('a number whose user has a password is never handed over', async () => {
    const stores = await open()
    const { user } = await registered(stores)
    await stores.users.setPhone(user.id, '13800000003')
    const other = identity({ appId: 'wx2' })
    expect((await bindPhone(stores, '13800000003', other)).status).toBe('phone_rejected')
  })

  it('a number comes back masked', async () => {
    const stores = await open()
    const { user } = await registered(stores)
    const changed = await stores.users.setPhone(user.id, '13800000005')
    expect(changed).toMatchObject({ id: user.id, phone: '138****0005' })
  })

  it('of users that race for one number one gets it', async () => {
    const stores = await open()
    const people = await times(4, () => registered(stores))
    const results = await Promise.all(
      people.map(({ user }) => stores.users.setPhone(user.id, '13800000004')),
    )
    expect(results.filter((result) => result === 'taken')).toHaveLength(3)
  })
}

function unionidsConform(open: () => Promise<Stores>): void {
  it('a unionid known from another app signs in to its user and binds for good', async () => {
    const stores = await open()
    const { user } = await registered(stores, { identity: identity({ unionid: 'union-1' }) })
    const elsewhere = identity({ appId: 'wx2', unionid: 'union-1' })
    const signIn = (known: Identity) =>
      stores.identities.signIn({ identity: known, session: newSession({ appId: 'wx2' }), use })
    expect(await signIn(elsewhere)).toMatchObject({ status: 'bound', user: { id: user.id } })
    const without = await signIn({ ...elsewhere, unionid: null })
    expect(without).toMatchObject({ status: 'bound', user: { id: user.id } })
    const claim = byCode(identity({ appId: 'wx3', unionid: 'union-1' }))
    const doubled = await stores.identities.register({
      claim,
      user: newUser(),
      session: newSession(),
    })
    expect(doubled.status).toBe('identity_taken')
  })

  it('a unionid that turns up later is kept, and merges nobody', async () => {
    const stores = await open()
    const ming = await registered(stores)
    const other = await registered(stores, { identity: identity({ appId: 'wx2' }) })
    const signIn = (known: Identity) =>
      stores.identities.signIn({
        identity: known,
        session: newSession({ appId: known.appId }),
        use,
      })
    const first = await signIn({ ...ming.identity, unionid: 'union-2' })
    const second = await signIn({ ...other.identity, unionid: 'union-2' })
    expect(first).toMatchObject({ user: { id: ming.user.id } })
    expect(second).toMatchObject({ user: { id: other.user.id } })
    const third = await signIn(identity({ appId: 'wx3', unionid: 'union-2' }))
    expect(third.status).toBe('unbound')
  })
}

function sessionsConform(open: () => Promise<Stores>): void {
  it('of advances that race from one counter one goes through', async () => {
    const stores = await open()
    const { session } = await registered(stores)
    const step = { sessionId: session.id, from: 0, now: now + 1, expiresAt: now + 2 }
    const results = await times(many, () => stores.sessions.advance(step))
    expect(results.filter(Boolean)).toHaveLength(1)
    expect((await stores.sessions.findRecord(session.id))?.session).toMatchObject({
      counter: 1,
      rotatedAt: now + 1,
      lastSeenAt: now + 1,
      expiresAt: now + 2,
    })
  })

  it('finds no session that is not there, by either way', async () => {
    const { sessions } = await open()
    expect(await sessions.find('nobody')).toBeNull()
    expect(await sessions.findRecord('nobody')).toBeNull()
  })

  it('ends a session of its user only, and once', async () => {
    const stores = await open()
    const { session, user } = await registered(stores)
    const { sessions } = stores
    expect(await sessions.end({ id: session.id, userId: 'somebody' })).toBe(false)
    const ended = await times(many, () => sessions.end({ id: session.id, userId: user.id }))
    expect(ended.filter(Boolean)).toHaveLength(1)
    expect(await sessions.find(session.id)).toBeNull()
  })

  it('lists what lives, newest first, and ends all but one', async () => {
    const stores = await open()
    const { identity: mine, user, session } = await registered(stores)
    const later = newSession({ createdAt: now + 1 })
    const over = newSession({ createdAt: now + 2, expiresAt: now + 3 })
    for (const opened of [later, over])
      await stores.identities.signIn({ identity: mine, session: opened, use })
    const listed = await stores.sessions.list(user.id, now + 3)
    expect(listed.map(({ id }) => id)).toEqual([later.id, session.id])
    expect(await stores.sessions.endOthers({ id: later.id, userId: user.id })).toBe(2)
    expect(await stores.sessions.list(user.id, now)).toHaveLength(1)
  })

  it('expired sessions go as new ones come', async () => {
    const stores = await open()
    const { identity: mine, session } = await registered(stores)
    const late = newSession({ createdAt: session.expiresAt, expiresAt: session.expiresAt + 1 })
    await stores.identities.signIn({ identity: mine, session: late, use })
    expect(await stores.sessions.find(session.id)).toBeNull()
  })
}

function usersConform(open: () => Promise<Stores>): void {
  it('answers a password hash to who asks for it, and to nobody beside', async () => {
    const stores = await open()
    const { user, session } = await registered(stores)
    const without = await registered(stores, { user: newUser(null) })
    expect(await stores.users.findPasswordHash(user.id)).toBe('hash')
    expect(await stores.users.findPasswordHash(without.user.id)).toBeNull()
    expect(await stores.users.findPasswordHash('nobody')).toBeNull()
    expect((await stores.sessions.find(session.id))?.user).not.toHaveProperty('passwordHash')
  })

  it('of password changes that race from one password one goes through and ends the rest', async () => {
    const stores = await open()
    const { identity: mine, user, session } = await registered(stores)
    const other = newSession()
    await stores.identities.signIn({ identity: mine, session: other, use })
    const results = await times(many, (index) =>
      stores.users.changePassword({
        userId: user.id,
        from: 'hash',
        to: `hash-${index}`,
        keepSessionId: session.id,
      }),
    )
    expect(results.filter(Boolean)).toHaveLength(1)
    expect(await stores.sessions.find(other.id)).toBeNull()
    expect(await stores.sessions.find(session.id)).not.toBeNull()
  })

  it('changes what is given of a profile and leaves the rest', async () => {
    const stores = await open()
    const { user } = await registered(stores)
    const change = (given: { nickname?: string | null; avatarUrl?: string | null }) =>
      stores.users.updateProfile(user.id, given)
    await change({ nickname: '小明', avatarUrl: 'https://a.example/1.png' })
    expect(await change({ nickname: null })).toMatchObject({
      nickname: null,
      avatarUrl: 'https://a.example/1.png',
    })
  })

  it('of pictures that race each has its own address, and the last one is kept', async () => {
    const { users, avatars, ...stores } = await open()
    const { user } = await registered({ users, avatars, ...stores })
    const results = await times(many, (index) =>
      avatars.keep(user.id, { type: 'png', bytes: Uint8Array.of(index) }),
    )
    expect(new Set(results.map((result) => result?.avatarUrl)).size).toBe(many)
    const avatarUrl = results.at(-1)?.avatarUrl
    expect(await users.updateProfile(user.id, { nickname: '小明' })).toMatchObject({ avatarUrl })
    expect(await avatars.keep('nobody', { type: 'png', bytes: Uint8Array.of(1) })).toBeNull()
  })

  it('a removed user is gone with its identities and sessions', async () => {
    const stores = await open()
    const { identity: mine, user, session } = await registered(stores)
    await stores.users.remove(user.id)
    expect(await stores.users.findByAccount(user.account ?? '')).toBeNull()
    expect(await stores.sessions.find(session.id)).toBeNull()
    const again = await stores.identities.signIn({ identity: mine, session: newSession(), use })
    expect(again.status).toBe('unbound')
  })
}

function limitsConform(open: () => Promise<Stores>): void {
  const use = { key: 'guess alice', limit: 3, windowMs: minute, unwritten: 0 }

  it.each([0, 1, 2])(
    'with %i uses unwritten no more than the limit get through',
    async (unwritten) => {
      const { limits } = await open()
      const results = await times(many, () => limits.spend({ ...use, unwritten, now }))
      expect(results.filter((result) => result === null)).toHaveLength(3)
      expect(results.at(-1)).toEqual({ endsAt: now + minute })
      const later = { ...use, unwritten, now: now + minute }
      expect(await times(4, () => limits.spend(later))).toEqual([
        null,
        null,
        null,
        { endsAt: now + 2 * minute },
      ])
    },
  )

  it('a window is opened by its first use and then starts anew', async () => {
    const { limits } = await open()
    await times(4, () => limits.spend({ ...use, now }))
    expect(await limits.spend({ ...use, now: now + minute - 1 })).not.toBeNull()
    expect(await limits.spend({ ...use, now: now + minute })).toBeNull()
  })

  it('keys are counted apart, and what is taken back was never counted', async () => {
    const { limits } = await open()
    await times(4, () => limits.spend({ ...use, now }))
    expect(await limits.spend({ ...use, key: 'guess bob', now })).toBeNull()
    await limits.refund(use.key)
    expect(await limits.spend({ ...use, now })).toBeNull()
    expect(await limits.spend({ ...use, now })).not.toBeNull()
  })
}
