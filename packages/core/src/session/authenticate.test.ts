import { describe, expect, it } from 'vitest'
import {
  accessTokenTtl,
  createTestService,
  reasonOf,
  registerTestUser,
  testOrigin,
} from '../../testing/index.ts'

async function start(refreshTokenTtl = 24 * 3_600_000) {
  const service = createTestService({ policy: { refreshTokenTtl } })
  const { signedIn, actor } = await registerTestUser(service, { account: 'ming' })
  const { accessToken } = signedIn.tokens
  const authenticate = (token: string | null = accessToken) => service.users.authenticate(token)
  return { service, signedIn, actor, authenticate, session: actor.caller.session }
}

describe('authenticate', () => {
  it('finds the session and the user of an access token', async () => {
    const { authenticate, signedIn, session } = await start()
    const caller = await authenticate()
    expect(caller.session).toEqual(session)
    expect(caller.user).toMatchObject(signedIn.user)
  })

  it('refuses no token, a token of another kind, and one of an unknown session', async () => {
    const { authenticate, signedIn, service, session } = await start()
    const { tokens } = service.ports
    const claims = { sessionId: 'unknown', userId: session.userId, appId: 'wx1' }
    const { token } = await tokens.signAccess(claims, service.clock.now())
    for (const presented of [null, '', 'nonsense', signedIn.tokens.refreshToken, token])
      expect(await reasonOf(authenticate(presented))).toBe('unauthenticated')
  })

  it.each([{ userId: 'another' }, { appId: 'wx2' }])(
    'refuses a token whose claims differ from the session: %j',
    async (change) => {
      const { authenticate, service, session } = await start()
      const claims = { sessionId: session.id, userId: session.userId, appId: 'wx1', ...change }
      const { token } = await service.ports.tokens.signAccess(claims, service.clock.now())
      expect(await reasonOf(authenticate(token))).toBe('unauthenticated')
    },
  )

  it('accepts a token until it expires, to the millisecond', async () => {
    const { authenticate, service } = await start()
    service.clock.advance(accessTokenTtl - 1)
    expect(await authenticate()).toMatchObject({ user: { account: 'ming' } })
    service.clock.advance(1)
    expect(await reasonOf(authenticate())).toBe('unauthenticated')
  })

  it('accepts no token after its session has expired', async () => {
    const { authenticate, service } = await start(60_000)
    service.clock.advance(59_999)
    expect(await authenticate()).toMatchObject({ user: { account: 'ming' } })
    service.clock.advance(1)
    expect(await reasonOf(authenticate())).toBe('unauthenticated')
  })

  it('accepts no session that ends later than any may: a clock opened it that was ahead', async () => {
    const day = 24 * 3_600_000
    const { authenticate, service, signedIn } = await start(30 * day)
    service.clock.advance(-330 * day)
    expect(await authenticate()).toMatchObject({ user: { account: 'ming' } })
    service.clock.advance(-1)
    expect(await reasonOf(authenticate())).toBe('unauthenticated')
    const { refreshToken } = signedIn.tokens
    const refresh = service.users.refresh({ refreshToken, origin: testOrigin })
    expect(await reasonOf(refresh)).toBe('unauthenticated')
  })

  it('refuses the token of an ended session at once', async () => {
    const { authenticate, service, actor } = await start()
    await service.users.signOut(actor)
    expect(await reasonOf(authenticate())).toBe('unauthenticated')
  })

  it('refuses a disabled user', async () => {
    const { authenticate, service, session } = await start()
    // Disabling ends the sessions too, so the row is disabled alone.
    const { users } = service.store.state
    const user = users.get(session.userId)
    if (user) users.set(user.id, { ...user, disabledAt: service.clock.now() })
    expect(await reasonOf(authenticate())).toBe('user_disabled')
  })

  it('is not recorded in the audit log', async () => {
    const { authenticate, service } = await start()
    const { length } = service.events
    await authenticate()
    await reasonOf(authenticate(null))
    expect(service.events).toHaveLength(length)
  })
})
