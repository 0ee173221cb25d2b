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
  const secret = service.store.state.sessions.get(id)?.secret ?? null
  const token = (counter: number, variant = 0): string =>
    service.ports.tokens.refreshToken({ sessionId: id, counter, variant, secret })
  const present = (refreshToken: string) =>
    service.users.refresh({ refreshToken, origin: testOrigin })
  const refresh = (counter: number, variant = 0) => present(token(counter, variant))
  const next = async (counter: number, variant = 0) =>
    (await refresh(counter, variant)).refreshToken
  const isAlive = async () => (await service.store.sessions.find(id)) !== null
  return { service, user, signedIn, id, token, present, refresh, next, isAlive }
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

  it('ends the session for such a token where the clock was set back since', async () => {
    const { service, next, refresh, isAlive } = await start()
    await next(0)
    await next(1)
    service.clock.advance(-1)
    expect(await reasonOf(refresh(0))).toBe('unauthenticated')
    expect(await isAlive()).toBe(false)
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

  it('is recorded only where it is refused', async () => {
    const { service, refresh, next, signedIn } = await start()
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
    const { refresh, isAlive } = await start()
    expect(await reasonOf(refresh(1))).toBe('unauthenticated')
    expect(await reasonOf(refresh(5))).toBe('unauthenticated')
    expect(await isAlive()).toBe(true)
  })

  it('refuses what is no refresh token, and a token of an unknown session', async () => {
    const { service, signedIn } = await start()
    const first = { sessionId: 'unknown', counter: 0, variant: 0, secret: null }
    const unknown = service.ports.tokens.refreshToken(first)
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

  it('refuses where the session was ended, or its user disabled, since it was read', async () => {
    const { service, id, signedIn } = await start()
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
    const { service, id, present, isAlive } = await start()
    for (const secret of [null, '', 'another']) {
      const parts = { sessionId: id, counter: 0, variant: 0, secret }
      expect(await reasonOf(present(service.ports.tokens.refreshToken(parts)))).toBe(
        'unauthenticated',
      )
    }
    expect(await isAlive()).toBe(true)
  })

  it('gives a session of an earlier version its random value with the next rotation', async () => {
    const { service, id, present, isAlive } = await start()
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

describe('refreshes in a run of repeats', () => {
  /** A session whose newest generation is 2 and whose generation 0 was repeated. */
  async function startRun() {
    const started = await start()
    await started.next(0)
    expect(await started.next(0)).toBe(started.token(1))
    expect(await started.next(1)).toBe(started.token(2))
    return started
  }

  it('get a variant each, and the client goes on with the one whose reply it got', async () => {
    const { next, token } = await startRun()
    expect(await next(1)).toBe(token(2, 1))
    expect(await next(1)).toBe(token(2, 2))
    expect(await next(2, 1)).toBe(token(3))
    expect(await next(2, 1)).toBe(token(3, 1))
    expect(await next(3, 1)).toBe(token(4))
  })

  it('end the session when other variants are presented too, and the reuse is recorded', async () => {
    const { service, next, refresh, token, isAlive } = await startRun()
    await next(1)
    service.clock.advance(15 * minute)
    await next(2)
    expect(await next(2, 1)).toBe(token(3, 1))
    service.clock.advance(15 * minute)
    await next(3)
    expect(await reasonOf(refresh(3, 1))).toBe('unauthenticated')
    expect(await isAlive()).toBe(false)
    expect(service.events.at(-1)).toMatchObject({ action: 'refresh_reuse' })
  })

  it('forgive a second variant each time it is presented, and another one three generations later', async () => {
    const { next, refresh, token, isAlive } = await startRun()
    await next(1)
    await next(2)
    expect(await next(2, 1)).toBe(token(3, 1))
    expect(await next(2, 1)).toBe(token(3, 2))
    await next(3)
    await next(4)
    expect(await next(4)).toBe(token(5, 1))
    await next(5)
    // A variant of generation 2 was forgiven while 3 was the newest, and now 6 is.
    expect(await next(5, 1)).toBe(token(6, 1))
    await next(6)
    expect(await reasonOf(refresh(6, 1))).toBe('unauthenticated')
    expect(await isAlive()).toBe(false)
  })

  it('forgive no second variant within two generations of another one', async () => {
    const { next, refresh, isAlive } = await startRun()
    await next(1)
    await next(2)
    await next(2, 1)
    await next(3)
    await next(3)
    await next(4)
    expect(await isAlive()).toBe(true)
    expect(await reasonOf(refresh(4, 1))).toBe('unauthenticated')
    expect(await isAlive()).toBe(false)
  })

  it('are over when no generation was repeated for two generations', async () => {
    const { next, token } = await startRun()
    for (const counter of [2, 3]) await next(counter)
    // Generation 0 was repeated while 1 was the newest, and now 4 is.
    expect(await next(3)).toBe(token(4))
    expect(await next(4)).toBe(token(5))
    expect(await next(4)).toBe(token(5, 1))
  })

  it('answer one late request with a variant of the newest generation, and refuse more of them', async () => {
    const { next, refresh, token, isAlive } = await startRun()
    expect(await next(0)).toBe(token(2, 1))
    expect(await next(0)).toBe(token(2, 2))
    expect(await next(2, 1)).toBe(token(3))
    expect(await reasonOf(refresh(1))).toBe('unauthenticated')
    expect(await isAlive()).toBe(true)
    expect(await next(3)).toBe(token(4))
  })

  it('end the session for a late request with another variant than the exchanged one', async () => {
    const { next, refresh, isAlive } = await startRun()
    await next(1)
    await next(2)
    await next(3)
    expect(await reasonOf(refresh(2, 1))).toBe('unauthenticated')
    expect(await isAlive()).toBe(false)
  })

  it('refuse a variant that was never issued, and end nothing', async () => {
    const { refresh, isAlive } = await startRun()
    expect(await reasonOf(refresh(2, 1))).toBe('unauthenticated')
    expect(await isAlive()).toBe(true)
  })

  /** Calls with the newest token, whose pauses the test ends one by one. */
  async function startPaused() {
    const { service, token } = await startRun()
    const pauses: (() => void)[] = []
    const pause = (ms: number) => {
      expect(ms).toBe(100)
      return new Promise<void>((resolve) => void pauses.push(resolve))
    }
    const { users } = createTestService({ ports: { ...service.ports, pause } })
    const present = () => users.refresh({ refreshToken: token(2), origin: testOrigin })
    const first = present()
    const endPause = async (number: number) => {
      await expect.poll(() => pauses.length).toBe(number)
      pauses[number - 1]?.()
    }
    return { token, present, first, endPause, pauses }
  }

  it('are one refresh where they overlap the first exchange of their token', async () => {
    const { token, present, first, endPause, pauses } = await startPaused()
    await expect.poll(() => pauses.length).toBe(1)
    const parallel = Array.from({ length: 63 }, present)
    await endPause(1)
    await endPause(2)
    const answers = await Promise.all([first, ...parallel])
    expect(new Set(answers.map(({ refreshToken }) => refreshToken))).toEqual(new Set([token(3)]))
    expect(pauses).toHaveLength(2)
    expect((await present()).refreshToken).toBe(token(3, 1))
  })

  it('wait for each other for a second at most', async () => {
    const { token, present, first, endPause, pauses } = await startPaused()
    const parallel: Promise<unknown>[] = []
    for (let number = 1; number <= 10; number++) {
      await expect.poll(() => pauses.length).toBe(number)
      parallel.push(present())
      await endPause(number)
    }
    expect((await first).refreshToken).toBe(token(3))
    await Promise.all(parallel)
    expect(pauses).toHaveLength(10)
  })

  it('do not wait outside of a run, and do not share a repeat', async () => {
    const { service, token } = await start()
    const pause = () => Promise.reject(new Error('waited'))
    const { users } = createTestService({ ports: { ...service.ports, pause } })
    const present = (refreshToken: string) => users.refresh({ refreshToken, origin: testOrigin })
    await present(token(0))
    await present(token(0))
    const run = await startRun()
    const repeats = await Promise.all([run.next(1), run.next(1), run.next(1)])
    expect(repeats).toEqual([run.token(2, 1), run.token(2, 2), run.token(2, 3)])
  })
})
