import { describe, expect, it } from 'vitest'
import {
  bindByTicket,
  bindTo,
  hour,
  many,
  newIdentity,
  newSession,
  now,
  race,
  registerUser,
  signIn,
} from '../drafts.ts'
import type { MakeStores } from '../stores.ts'
import { describeCallers } from './callers.ts'
import { refreshConforms } from './refresh.ts'

export function describeSessionStore(make: MakeStores): void {
  describe('the session store', () => {
    describe('reading sessions', () => readsConform(make))
    describe('refresh', () => refreshConforms(make))
    describe('ending sessions', () => endingConforms(make))
    describe('the caller of a verb', () => describeCallers(make))
    describe('more than a hundred sessions of a user', () => excessConforms(make))
  })
}

function readsConform(make: MakeStores): void {
  it('finds a session with its user', async () => {
    const stores = await make()
    const opened = newSession({ device: 'Phone' })
    const { user } = await registerUser(stores, { session: opened })
    const { id, appId, createdAt, expiresAt } = opened
    expect(await stores.sessions.find(id)).toEqual({
      session: { id, userId: user.id, appId, createdAt, expiresAt },
      user: {
        id: user.id,
        account: user.account,
        phone: null,
        nickname: null,
        avatarUrl: null,
        role: 'user',
        disabledAt: null,
        createdAt: now,
      },
    })
  })

  it('finds the full record of a session', async () => {
    const stores = await make()
    const opened = newSession({ device: 'Phone' })
    const { user } = await registerUser(stores, { session: opened })
    expect(await stores.sessions.findRecord(opened.id)).toEqual({
      ...{ ...opened, userId: user.id, lastSeenAt: now, rotatedAt: now, counter: 0 },
      ...{ variants: 1, parentVariant: 0, grandparentVariant: 0 },
      ...{ repeatedIn: null, forgivenIn: null, secretSince: 0 },
    })
  })

  it('finds no session that does not exist, by either read', async () => {
    const { sessions } = await make()
    expect(await sessions.find('unknown')).toBeNull()
    expect(await sessions.findRecord('unknown')).toBeNull()
  })

  it('lists the sessions of a user that are not past their time, newest first', async () => {
    const stores = await make()
    const { identity, user, session } = await registerUser(stores)
    await registerUser(stores)
    const later = await signIn(stores, identity, { createdAt: now + 1 })
    const sameMoment = await signIn(stores, identity, { createdAt: now + 1 })
    const ending = await signIn(stores, identity, { createdAt: now + 2, expiresAt: now + 9 })
    const ids = async (at: number) => (await stores.sessions.list(user.id, at)).map(({ id }) => id)
    const others = [sameMoment.id, later.id, session.id]
    expect(await ids(now + 8)).toEqual([ending.id, ...others])
    expect(await ids(now + 9)).toEqual(others)
    expect(await stores.sessions.list('unknown', now)).toEqual([])
    const { id, appId, createdAt, expiresAt } = session
    expect((await stores.sessions.list(user.id, now)).at(-1)).toEqual({
      ...{ id, userId: user.id, appId, device: null, createdAt, lastSeenAt: now, expiresAt },
    })
  })

  it('drops expired sessions as new ones open', async () => {
    const stores = await make()
    const { identity, session } = await registerUser(stores)
    const createdAt = session.expiresAt
    await signIn(stores, identity, { createdAt, expiresAt: createdAt + hour })
    expect(await stores.sessions.find(session.id)).toBeNull()
  })

  it('opens a session once under its id', async () => {
    const stores = await make()
    const { identity, user, session } = await registerUser(stores)
    const second = newIdentity({ appId: 'wx2' })
    const again = newSession({ id: session.id, device: 'Other' })
    await expect(
      bindTo(stores, {
        claim: { identity: second, ticketHash: null },
        userId: user.id,
        session: again,
      }),
    ).rejects.toThrow()
    const { claim } = await bindByTicket(stores, user.id, {
      identity: newIdentity({ appId: 'wx3' }),
    })
    const repeat = { claim, userId: user.id, passwordHash: 'hash', session: again }
    await expect(stores.identities.repeat(repeat)).rejects.toThrow()
    expect((await stores.sessions.findRecord(session.id))?.device).toBeNull()
    expect(await stores.identities.list(user.id)).toHaveLength(2)
    await signIn(stores, identity)
  })
}

function endingConforms(make: MakeStores): void {
  it('ends a session of its user only, and once', async () => {
    const stores = await make()
    const { session, user } = await registerUser(stores)
    const other = await registerUser(stores)
    const { sessions } = stores
    expect(await sessions.end({ id: session.id, userId: other.user.id })).toBe(false)
    expect(await sessions.find(session.id)).not.toBeNull()
    const ended = await race(many, () => sessions.end({ id: session.id, userId: user.id }))
    expect(ended.filter(Boolean)).toHaveLength(1)
    expect(await sessions.find(session.id)).toBeNull()
    expect(await sessions.find(other.session.id)).not.toBeNull()
  })

  it('ends all sessions of a user but one, and counts them once', async () => {
    const stores = await make()
    const { identity, user, session } = await registerUser(stores)
    const other = await registerUser(stores)
    await signIn(stores, identity)
    await signIn(stores, identity, { appId: 'wx2' })
    const counts = await race(2, () =>
      stores.sessions.endOthers({ sessionId: session.id, userId: user.id, now }),
    )
    expect(counts.sort()).toEqual([0, 2])
    expect(await stores.sessions.list(user.id, now)).toMatchObject([{ id: session.id }])
    expect(await stores.sessions.find(other.session.id)).not.toBeNull()
  })
}

function excessConforms(make: MakeStores): void {
  it('end, the one first that was not seen for the longest time, and never the new one', async () => {
    const stores = await make()
    const other = await registerUser(stores)
    const { identity, user, session } = await registerUser(stores)
    const opened = [session]
    for (let index = 1; index < 100; index++)
      opened.push(await signIn(stores, identity, { createdAt: now + index }))
    const ids = async () => (await stores.sessions.list(user.id, now)).map(({ id }) => id)
    expect(await ids()).toHaveLength(100)
    await stores.sessions.refresh({
      sessionId: session.id,
      presented: { counter: 0, variant: 0, wasNewest: false },
      now: now + 200,
      expiresAt: now + hour,
      secret: 'secret',
    })
    const [, second, third] = opened
    const newest = await signIn(stores, identity, { createdAt: now + 300 })
    expect(await stores.sessions.find(session.id)).not.toBeNull()
    expect(await stores.sessions.find(second?.id ?? '')).toBeNull()
    expect(await stores.sessions.find(third?.id ?? '')).not.toBeNull()
    expect(await ids()).toHaveLength(100)
    // Opened after the clock was set back, it is older than all others.
    const earlier = await signIn(stores, identity, { createdAt: now - hour })
    expect(await stores.sessions.find(earlier.id)).not.toBeNull()
    expect(await stores.sessions.find(newest.id)).not.toBeNull()
    expect(await ids()).toHaveLength(100)
    expect(await stores.sessions.find(other.session.id)).not.toBeNull()
  })

  it('are not kept for a time in the future', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores)
    const hasty = await signIn(stores, identity, {
      createdAt: now + hour,
      expiresAt: now + 2 * hour,
    })
    for (let index = 0; index < 99; index++) await signIn(stores, identity, { createdAt: now + 1 })
    for (let index = 0; index < 100; index++)
      await signIn(stores, identity, { createdAt: now + 2 + index })
    expect(await stores.sessions.find(hasty.id)).toBeNull()
    expect(await stores.sessions.list(user.id, now)).toHaveLength(100)
  })

  it('end one for each of those that open at once', async () => {
    const stores = await make()
    const { identity, user } = await registerUser(stores)
    await race(120, () => signIn(stores, identity))
    expect(await stores.sessions.list(user.id, now)).toHaveLength(100)
    expect((await stores.people.bindings(user.id, now)).sessions).toHaveLength(100)
  })
}
