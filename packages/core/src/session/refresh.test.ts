import { describe, expect, it } from 'vitest'
import {
  createTestService,
  openTestSession,
  reasonOf,
  signInTestUser,
  testIdleTime,
  testOrigin,
} from '../../testing/index.ts'

const minute = 60_000

describe('refresh', () => {
  it('exchanges a token for its successor and an access token of the same session', async () => {
    const { service, signedIn, id, refresh, token } = await openTestSession()
    expect(signedIn.tokens.refreshToken).toBe(token(0))
    service.clock.advance(minute)
    const now = service.clock.now()
    const tokens = await refresh(0)
    expect(tokens).toMatchObject({
      refreshToken: token(1),
      refreshTokenExpiresAt: now + testIdleTime,
      accessTokenExpiresAt: now + 15 * minute,
    })
    expect(await service.users.authenticate(tokens.accessToken)).toMatchObject({
      session: { id, expiresAt: now + testIdleTime },
    })
    expect(service.store.state.sessions.get(id)).toMatchObject({
      counter: 1,
      rotatedAt: now,
      lastSeenAt: now,
    })
  })

  it('returns the same successor again while that is unused', async () => {
    const { service, next, refresh, token } = await openTestSession()
    const first = await refresh(0)
    service.clock.advance(29 * minute)
    const again = await refresh(0)
    expect(again.refreshToken).toBe(token(1))
    expect(again.refreshTokenExpiresAt).toBe(first.refreshTokenExpiresAt)
    expect(await next(1)).toBe(token(2))
  })

  it('returns one successor to parallel calls, and advances the session once', async () => {
    const { service, id, next, token } = await openTestSession()
    const answers = await Promise.all(Array.from({ length: 64 }, () => next(0)))
    expect(new Set(answers)).toEqual(new Set([token(1)]))
    expect(service.store.state.sessions.get(id)?.counter).toBe(1)
  })

  it('accepts a token for 60 s after its successor was used, and then ends the session', async () => {
    const { service, next, refresh, token, isAlive } = await openTestSession()
    await next(0)
    await next(1)
    service.clock.advance(minute)
    expect(await next(0)).toBe(token(1))
    service.clock.advance(1)
    expect(await reasonOf(refresh(0))).toBe('unauthenticated')
    expect(await isAlive()).toBe(false)
    expect(await reasonOf(refresh(2))).toBe('unauthenticated')
  })

  it('accepts a token of a call that arrived before its successor was used, and was decided after that', async () => {
    const { service, id, next, token, isAlive } = await openTestSession()
    await next(0)
    const { sessions } = service.ports
    let decide = (): void => {}
    const isArrived = new Promise<void>((resolve) => {
      const refresh: typeof sessions.refresh = async (request) => {
        resolve()
        await new Promise<void>((go) => {
          decide = go
        })
        return sessions.refresh(request)
      }
      const ports = { ...service.ports, sessions: { ...sessions, refresh } }
      const { users } = createTestService({ ports })
      void users.refresh({ refreshToken: token(0), origin: testOrigin }).then(
        ({ refreshToken }) => replies.push(refreshToken),
        () => replies.push('refused'),
      )
    })
    const replies: string[] = []
    await isArrived
    service.clock.advance(28)
    expect(await next(1)).toBe(token(2))
    decide()
    await expect.poll(() => replies).toEqual([token(1)])
    expect(await isAlive()).toBe(true)
    expect(service.store.state.sessions.get(id)?.counter).toBe(2)
  })

  it('ends the session for such a token where the clock was set back by more than 60 s since', async () => {
    const { service, next, refresh, token, isAlive } = await openTestSession()
    await next(0)
    await next(1)
    service.clock.advance(-minute)
    expect(await next(0)).toBe(token(1))
    service.clock.advance(-1)
    expect(await reasonOf(refresh(0))).toBe('unauthenticated')
    expect(await isAlive()).toBe(false)
  })

  it('ends the session at once for an older token, and records the reuse', async () => {
    const { service, signedIn, refresh, next, isAlive } = await openTestSession()
    for (const counter of [0, 1, 2]) await next(counter)
    const { length } = service.events
    expect(await reasonOf(refresh(0))).toBe('unauthenticated')
    expect(await isAlive()).toBe(false)
    expect(service.events.slice(length)).toEqual([
      {
        at: service.clock.now(),
        action: 'refresh_reuse',
        outcome: 'unauthenticated',
        userId: signedIn.user.id,
        appId: 'wx1',
        origin: testOrigin,
      },
    ])
  })

  it('ends no other session of the user for a token that was copied', async () => {
    const { service, user, refresh, next } = await openTestSession()
    const other = await signInTestUser(service, user)
    for (const counter of [0, 1, 2]) await next(counter)
    await reasonOf(refresh(0))
    expect(await service.users.authenticate(other.signedIn.tokens.accessToken)).toMatchObject({})
  })

  it('is recorded only where it is refused', async () => {
    const { service, refresh, next, signedIn } = await openTestSession()
    const { length } = service.events
    await next(0)
    expect(service.events).toHaveLength(length)
    await reasonOf(refresh(9))
    const call = service.users.refresh({ refreshToken: 'nonsense', origin: testOrigin })
    expect(await reasonOf(call)).toBe('unauthenticated')
    const refused = { action: 'refresh', outcome: 'unauthenticated', origin: testOrigin }
    expect(service.events.slice(length)).toMatchObject([
      { ...refused, userId: signedIn.user.id, appId: 'wx1' },
      { ...refused, userId: null, appId: null },
    ])
  })

  it('refuses a counter that was never issued, and ends nothing', async () => {
    const { refresh, isAlive } = await openTestSession()
    expect(await reasonOf(refresh(1))).toBe('unauthenticated')
    expect(await reasonOf(refresh(5))).toBe('unauthenticated')
    expect(await isAlive()).toBe(true)
  })

  it('refuses what is no refresh token, and a token of an unknown session', async () => {
    const { service, signedIn } = await openTestSession()
    const first = { sessionId: 'unknown', counter: 0, variant: 0, secret: null }
    const unknown = service.ports.tokens.refreshToken(first)
    for (const refreshToken of ['', 'nonsense', signedIn.tokens.accessToken, unknown]) {
      const call = service.users.refresh({ refreshToken, origin: testOrigin })
      expect(await reasonOf(call)).toBe('unauthenticated')
    }
  })

  it('refuses an expired session, to the millisecond, and extends it with each refresh', async () => {
    const { service, refresh, next, token } = await openTestSession()
    service.clock.advance(testIdleTime - 1)
    await next(0)
    service.clock.advance(testIdleTime - 1)
    expect(await next(1)).toBe(token(2))
    service.clock.advance(testIdleTime)
    expect(await reasonOf(refresh(2))).toBe('unauthenticated')
  })

  it('ends a session after twelve times its idle time in any case', async () => {
    const { service, refresh } = await openTestSession()
    const end = service.clock.now() + 12 * testIdleTime
    for (let counter = 0; counter < 12; counter++) {
      service.clock.advance(testIdleTime - 1)
      const { refreshTokenExpiresAt } = await refresh(counter)
      expect(refreshTokenExpiresAt).toBe(Math.min(service.clock.now() + testIdleTime, end))
    }
    service.clock.advance(end - service.clock.now())
    expect(await reasonOf(refresh(12))).toBe('unauthenticated')
  })

  it('refuses a disabled user', async () => {
    const { service, refresh, signedIn, isAlive } = await openTestSession()
    // Disabling ends the sessions too, so the row is disabled alone.
    const { users } = service.store.state
    const user = users.get(signedIn.user.id)
    if (user) users.set(user.id, { ...user, disabledAt: service.clock.now() })
    expect(await reasonOf(refresh(0))).toBe('user_disabled')
    expect(await isAlive()).toBe(true)
  })

  it('refuses where the session was ended, or its user disabled, since it was read', async () => {
    const { service, id, signedIn } = await openTestSession()
    const { sessions, state } = service.store
    const user = state.users.get(signedIn.user.id)
    if (user === undefined) throw new Error('no user')
    const changes = {
      user_disabled: async () => void state.users.set(user.id, { ...user, disabledAt: 1 }),
      unauthenticated: async () => void (await sessions.end({ id, userId: user.id })),
    }
    for (const [reason, change] of Object.entries(changes)) {
      const findRecord = async (sessionId: string) => {
        const found = await sessions.findRecord(sessionId)
        await change()
        return found
      }
      const ports = { ...service.ports, sessions: { ...sessions, findRecord } }
      const { users } = createTestService({ ports })
      const { refreshToken } = signedIn.tokens
      expect(await reasonOf(users.refresh({ refreshToken, origin: testOrigin }))).toBe(reason)
    }
  })

  it('refuses a token whose MAC lacks the random value of the session', async () => {
    const { service, id, present, isAlive } = await openTestSession()
    for (const secret of [null, '', 'another']) {
      const parts = { sessionId: id, counter: 0, variant: 0, secret }
      expect(await reasonOf(present(service.ports.tokens.refreshToken(parts)))).toBe(
        'unauthenticated',
      )
    }
    expect(await isAlive()).toBe(true)
  })

  it('gives a session of an earlier version its random value with the next rotation', async () => {
    const { service, id, present, isAlive } = await openTestSession()
    const { sessions } = service.store.state
    const record = sessions.get(id)
    if (record === undefined) throw new Error('no session')
    sessions.set(id, { ...record, counter: 5, secret: null })
    const earlier = (counter: number): string =>
      service.ports.tokens.refreshToken({ sessionId: id, counter, variant: 0, secret: null })
    const lost = await present(earlier(5))
    const secret = sessions.get(id)?.secret ?? ''
    expect(sessions.get(id)).toMatchObject({ secret: expect.any(String), secretSince: 6 })
    // The reply may be lost: the token of the earlier version is accepted like any parent.
    const repeated = await present(earlier(5))
    expect(repeated.refreshToken).toBe(lost.refreshToken)
    expect(await reasonOf(present(earlier(6)))).toBe('unauthenticated')
    await present(repeated.refreshToken)
    expect(sessions.get(id)).toMatchObject({ counter: 7, secret, secretSince: 6 })
    expect(await isAlive()).toBe(true)
    expect(await reasonOf(present(earlier(4)))).toBe('unauthenticated')
    expect(await isAlive()).toBe(false)
  })
})
