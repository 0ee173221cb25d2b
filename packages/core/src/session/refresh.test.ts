import { describe, expect, it } from 'vitest'
import {
  createTestService,
  reasonOf,
  registerTestUser,
  signInTestUser,
  testOrigin,
} from '../../testing/index.ts'

const minute = 60_000
const idleTime = 30 * minute

/** A session that ends after 30 minutes without a refresh, and its refresh tokens by their number. */
async function start() {
  const service = createTestService({ policy: { refreshTokenTtl: idleTime } })
  const { user, signedIn, actor } = await registerTestUser(service, { account: 'ming' })
  const { id } = actor.caller.session
  const token = (counter: number): string => service.ports.tokens.refreshToken(id, counter)
  const refresh = (counter: number) =>
    service.users.refresh({ refreshToken: token(counter), origin: testOrigin })
  const next = async (counter: number) => (await refresh(counter)).refreshToken
  const isAlive = async () => (await service.store.sessions.find(id)) !== null
  return { service, user, signedIn, id, token, refresh, next, isAlive }
}

describe('refresh', () => {
  it('exchanges a token for its successor and an access token of the same session', async () => {
    const { service, signedIn, id, refresh, token } = await start()
    expect(signedIn.tokens.refreshToken).toBe(token(0))
    service.clock.advance(minute)
    const now = service.clock.now()
    const tokens = await refresh(0)
    expect(tokens).toMatchObject({
      refreshToken: token(1),
      refreshTokenExpiresAt: now + idleTime,
      accessTokenExpiresAt: now + 15 * minute,
    })
    expect(await service.users.authenticate(tokens.accessToken)).toMatchObject({
      session: { id, expiresAt: now + idleTime },
    })
    expect(service.store.state.sessions.get(id)).toMatchObject({
      counter: 1,
      rotatedAt: now,
      lastSeenAt: now,
    })
  })

  it('returns the same successor again while that is unused', async () => {
    const { service, next, refresh, token } = await start()
    const first = await refresh(0)
    service.clock.advance(29 * minute)
    const again = await refresh(0)
    expect(again.refreshToken).toBe(token(1))
    expect(again.refreshTokenExpiresAt).toBe(first.refreshTokenExpiresAt)
    expect(await next(1)).toBe(token(2))
  })

  it('returns one successor to parallel calls, and advances the session once', async () => {
    const { service, id, next, token } = await start()
    const answers = await Promise.all(Array.from({ length: 64 }, () => next(0)))
    expect(new Set(answers)).toEqual(new Set([token(1)]))
    expect(service.store.state.sessions.get(id)?.counter).toBe(1)
  })

  it('accepts a token for 60 s after its successor was used, and then ends the session', async () => {
    const { service, next, refresh, token, isAlive } = await start()
    await next(0)
    await next(1)
    service.clock.advance(minute)
    expect(await next(0)).toBe(token(1))
    service.clock.advance(1)
    expect(await reasonOf(refresh(0))).toBe('unauthenticated')
    expect(await isAlive()).toBe(false)
    expect(await reasonOf(refresh(2))).toBe('unauthenticated')
  })

  it('ends the session at once for an older token, and records the reuse', async () => {
    const { service, signedIn, refresh, next, isAlive } = await start()
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
    const { service, user, refresh, next } = await start()
    const other = await signInTestUser(service, user)
    for (const counter of [0, 1, 2]) await next(counter)
    await reasonOf(refresh(0))
    expect(await service.users.authenticate(other.signedIn.tokens.accessToken)).toMatchObject({})
  })

  it('is recorded only where a token was reused', async () => {
    const { service, refresh, next } = await start()
    const { length } = service.events
    await next(0)
    await reasonOf(refresh(9))
    expect(service.events).toHaveLength(length)
  })

  it('refuses a counter that was never issued, and ends nothing', async () => {
    const { refresh, isAlive } = await start()
    expect(await reasonOf(refresh(1))).toBe('unauthenticated')
    expect(await reasonOf(refresh(5))).toBe('unauthenticated')
    expect(await isAlive()).toBe(true)
  })

  it('refuses what is no refresh token, and a token of an unknown session', async () => {
    const { service, signedIn } = await start()
    const unknown = service.ports.tokens.refreshToken('unknown', 0)
    for (const refreshToken of ['', 'nonsense', signedIn.tokens.accessToken, unknown]) {
      const call = service.users.refresh({ refreshToken, origin: testOrigin })
      expect(await reasonOf(call)).toBe('unauthenticated')
    }
  })

  it('refuses an expired session, to the millisecond, and extends it with each refresh', async () => {
    const { service, refresh, next, token } = await start()
    service.clock.advance(idleTime - 1)
    await next(0)
    service.clock.advance(idleTime - 1)
    expect(await next(1)).toBe(token(2))
    service.clock.advance(idleTime)
    expect(await reasonOf(refresh(2))).toBe('unauthenticated')
  })

  it('ends a session after twelve times its idle time in any case', async () => {
    const { service, refresh } = await start()
    const end = service.clock.now() + 12 * idleTime
    for (let counter = 0; counter < 12; counter++) {
      service.clock.advance(idleTime - 1)
      const { refreshTokenExpiresAt } = await refresh(counter)
      expect(refreshTokenExpiresAt).toBe(Math.min(service.clock.now() + idleTime, end))
    }
    service.clock.advance(end - service.clock.now())
    expect(await reasonOf(refresh(12))).toBe('unauthenticated')
  })

  it('refuses a disabled user', async () => {
    const { service, refresh, signedIn, isAlive } = await start()
    // Disabling ends the sessions too, so the row is disabled alone.
    const { users } = service.store.state
    const user = users.get(signedIn.user.id)
    if (user) users.set(user.id, { ...user, disabledAt: service.clock.now() })
    expect(await reasonOf(refresh(0))).toBe('user_disabled')
    expect(await isAlive()).toBe(true)
  })

  it('refuses where the session was ended since it was read', async () => {
    const { service, id, signedIn } = await start()
    const { sessions } = service.store
    const advance = async () => {
      await sessions.end({ id, userId: signedIn.user.id })
      return false
    }
    const ports = { ...service.ports, sessions: { ...sessions, advance } }
    const { users } = createTestService({ ports })
    const { refreshToken } = signedIn.tokens
    expect(await reasonOf(users.refresh({ refreshToken, origin: testOrigin }))).toBe(
      'unauthenticated',
    )
  })
})
