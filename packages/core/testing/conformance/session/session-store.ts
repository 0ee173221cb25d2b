import { describe, expect, it } from 'vitest'
import {
  bindByTicket,
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

export function describeSessionStore(make: MakeStores): void {
  describe('the session store', () => {
    describe('reading sessions', () => readsConform(make))
    describe('advance', () => advancesConform(make))
    describe('ending sessions', () => endingConforms(make))
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
      session: { ...opened, userId: user.id, lastSeenAt: now, rotatedAt: now, counter: 0 },
      disabledAt: null,
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
      stores.identities.bind({
        claim: { identity: second, ticketHash: null },
        userId: user.id,
        session: again,
      }),
    ).rejects.toThrow()
    const { claim } = await bindByTicket(stores, user.id, {
      identity: newIdentity({ appId: 'wx3' }),
    })
    const repeat = { claim, userId: user.id, session: again }
    await expect(stores.identities.repeat(repeat)).rejects.toThrow()
    expect((await stores.sessions.findRecord(session.id))?.session.device).toBeNull()
    expect(await stores.identities.list(user.id)).toHaveLength(2)
    await signIn(stores, identity)
  })
}

function advancesConform(make: MakeStores): void {
  it('of calls that race from one counter one moves it', async () => {
    const stores = await make()
    const { session } = await registerUser(stores)
    const other = await registerUser(stores)
    const step = { sessionId: session.id, from: 0, now: now + 1, expiresAt: now + 2 }
    const results = await race(many, () => stores.sessions.advance(step))
    expect(results.filter(Boolean)).toHaveLength(1)
    expect((await stores.sessions.findRecord(session.id))?.session).toMatchObject({
      createdAt: now,
      counter: 1,
      rotatedAt: now + 1,
      lastSeenAt: now + 1,
      expiresAt: now + 2,
    })
    expect((await stores.sessions.findRecord(other.session.id))?.session.counter).toBe(0)
  })

  it('from another counter, or of an unknown session, changes nothing', async () => {
    const stores = await make()
    const { session } = await registerUser(stores)
    const step = { sessionId: session.id, from: 0, now: now + 1, expiresAt: now + 2 }
    expect(await stores.sessions.advance({ ...step, from: 1 })).toBe(false)
    expect(await stores.sessions.advance({ ...step, sessionId: 'unknown' })).toBe(false)
    expect((await stores.sessions.findRecord(session.id))?.session).toMatchObject({
      counter: 0,
      expiresAt: session.expiresAt,
    })
    expect(await stores.sessions.advance(step)).toBe(true)
    expect(await stores.sessions.advance({ ...step, from: 1 })).toBe(true)
  })

  it('of an ended session changes nothing, whichever comes first', async () => {
    const stores = await make()
    const { session, user } = await registerUser(stores)
    const step = { sessionId: session.id, from: 0, now: now + 1, expiresAt: now + 2 }
    const [ended] = await Promise.all([
      stores.sessions.end({ id: session.id, userId: user.id }),
      stores.sessions.advance(step),
    ])
    expect(ended).toBe(true)
    expect(await stores.sessions.find(session.id)).toBeNull()
    expect(await stores.sessions.advance(step)).toBe(false)
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
      stores.sessions.endOthers({ id: session.id, userId: user.id }),
    )
    expect(counts.sort()).toEqual([0, 2])
    expect(await stores.sessions.list(user.id, now)).toMatchObject([{ id: session.id }])
    expect(await stores.sessions.find(other.session.id)).not.toBeNull()
  })
}
