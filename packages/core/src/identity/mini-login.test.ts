import { describe, expect, it } from 'vitest'
import {
  createTestService,
  failureOf,
  reasonOf,
  registerTestUser,
  signInTestUser,
  type TestService,
  testOrigin,
  type WechatUser,
} from '../../testing/index.ts'

const minute = 60_000
const ming: WechatUser = { appId: 'wx1', openid: 'openid of ming' }

const miniLogin = ({ users, wechat }: TestService, user: WechatUser = ming) => {
  const code = wechat.loginCode(user)
  return users.miniLogin({ appId: user.appId, code, origin: testOrigin })
}

describe('miniLogin of an identity that is not bound', () => {
  it('issues a ticket for this identity, which lives as long as the policy says', async () => {
    const service = createTestService({ policy: { ticketTtl: 120_000 } })
    const result = await miniLogin(service)
    const now = service.clock.now()
    expect(result).toMatchObject({
      status: 'unbound',
      ticket: expect.any(String),
      ticketExpiresAt: now + 120_000,
      identity: { ...ming, unionid: null },
    })
    if (result.status !== 'unbound') throw new Error(result.status)
    const hash = service.ports.tokens.hashTicket(result.ticket)
    const request = { hash, now, ttl: 300_000, maxTries: 5, replayMs: minute }
    expect(await service.store.tickets.find(request)).toEqual({
      identity: result.identity,
      used: null,
    })
    expect(service.store.state.sessions.size).toBe(0)
    expect(service.store.state.users.size).toBe(0)
  })

  it('deletes expired tickets', async () => {
    const service = createTestService()
    await miniLogin(service)
    service.clock.advance(5 * minute)
    await miniLogin(service)
    expect(service.store.state.tickets.size).toBe(1)
  })

  it('is recorded as unbound, with the app and the origin', async () => {
    const service = createTestService()
    await miniLogin(service)
    expect(service.events).toEqual([
      {
        at: service.clock.now(),
        action: 'sign_in',
        outcome: 'unbound',
        userId: null,
        adminId: null,
        appId: 'wx1',
        origin: testOrigin,
        newUser: false,
      },
    ])
  })

  it('creates a user without an account at once where the policy is `auto`', async () => {
    const service = createTestService({ policy: { signUp: 'auto' } })
    const result = await miniLogin(service)
    expect(result).toMatchObject({
      status: 'signedIn',
      newUser: true,
      user: { account: null, phone: null, createdAt: service.clock.now() },
    })
    expect(service.store.state.tickets.size).toBe(0)
    expect(service.events).toMatchObject([
      { action: 'sign_in', outcome: 'ok', newUser: true },
      { action: 'sign_up', outcome: 'ok', userId: service.events[0]?.userId, appId: 'wx1' },
    ])
    const again = await miniLogin(service)
    expect(again).toMatchObject({ status: 'signedIn', newUser: false })
    expect(service.store.state.users.size).toBe(1)
  })

  it('creates one user for concurrent calls where the policy is `auto`', async () => {
    const service = createTestService({ policy: { signUp: 'auto' } })
    const results = await Promise.all(Array.from({ length: 8 }, () => miniLogin(service)))
    expect(results.map((result) => result.status === 'signedIn' && result.newUser)).toEqual([
      true,
      ...Array.from({ length: 7 }, () => false),
    ])
    expect(service.store.state.users.size).toBe(1)
  })

  it('refuses a user who was disabled between the look-up and the sign-up', async () => {
    const service = createTestService({ policy: { signUp: 'auto' } })
    const { identities } = service.store
    const signUp = async () => ({ status: 'user_disabled' }) as const
    const disabled = createTestService({
      policy: { signUp: 'auto' },
      ports: { identities: { ...identities, signUp } },
    })
    expect(await reasonOf(miniLogin(disabled))).toBe('user_disabled')
  })
})

describe('miniLogin of a bound identity', () => {
  it('opens a session of its user', async () => {
    const service = createTestService({ policy: { refreshTokenTtl: 10 * minute } })
    const { signedIn } = await registerTestUser(service, { account: 'ming' })
    service.clock.advance(1_000)
    const result = await miniLogin(service)
    if (result.status !== 'signedIn') throw new Error(result.status)
    expect(result.user).toEqual(signedIn.user)
    expect(result.newUser).toBe(false)
    const now = service.clock.now()
    const { session } = await service.users.authenticate(result.tokens.accessToken)
    const record = service.store.state.sessions.get(session.id)
    expect(record).toMatchObject({
      id: session.id,
      userId: signedIn.user.id,
      appId: 'wx1',
      device: 'Phone',
      createdAt: now,
      lastSeenAt: now,
      rotatedAt: now,
      expiresAt: now + 10 * minute,
      counter: 0,
      secret: expect.any(String),
      secretSince: 0,
    })
    const parts = { sessionId: session.id, variant: 0, secret: record?.secret ?? '' }
    expect(result.tokens.refreshTokenExpiresAt).toBe(now + 10 * minute)
    expect(result.tokens.accessTokenExpiresAt).toBe(now + 15 * minute)
    expect(await service.users.refresh({ ...result.tokens, origin: testOrigin })).toMatchObject({
      refreshToken: service.ports.tokens.refreshToken({ ...parts, counter: 1 }),
    })
  })

  it('keeps the session key that came with the code, sealed for this identity', async () => {
    const service = createTestService()
    await registerTestUser(service, { account: 'ming', sessionKey: 'first' })
    await signInTestUser(service, { ...ming, sessionKey: 'second' })
    const { vault } = service.ports
    const [row] = service.store.state.identities.values()
    expect(vault.open(ming, row?.sealedKey ?? '')).toBe('second')
    expect(vault.open(ming, row?.previousKey ?? '')).toBe('first')
  })

  it('audits that another unionid came than before, and nothing else of unionids', async () => {
    const service = createTestService()
    const { user, signedIn } = await registerTestUser(service, { account: 'ming' })
    for (const unionid of ['first', 'first', 'second', null])
      await signInTestUser(service, { ...user, unionid })
    const changes = service.events.filter(({ action }) => action === 'unionid_change')
    expect(changes).toEqual([
      {
        at: service.clock.now(),
        action: 'unionid_change',
        outcome: 'ok',
        userId: signedIn.user.id,
        appId: 'wx1',
        origin: testOrigin,
      },
    ])
  })

  it('passes the unionid on, so that it signs in in another app', async () => {
    const service = createTestService()
    const { signedIn } = await registerTestUser(service, { account: 'ming', unionid: 'union' })
    const elsewhere = { appId: 'wx2', openid: 'another openid', unionid: 'union' }
    expect(await miniLogin(service, elsewhere)).toMatchObject({
      status: 'signedIn',
      user: { id: signedIn.user.id },
    })
  })

  it('is recorded with the user', async () => {
    const service = createTestService()
    const { signedIn } = await registerTestUser(service, { account: 'ming' })
    await miniLogin(service)
    expect(service.events.at(-1)).toMatchObject({
      action: 'sign_in',
      outcome: 'ok',
      userId: signedIn.user.id,
      appId: 'wx1',
      newUser: false,
    })
  })

  it('refuses a disabled user, and opens nothing', async () => {
    const service = createTestService()
    const { signedIn } = await registerTestUser(service, { account: 'ming' })
    await service.store.people.disable(signedIn.user.id, service.clock.now())
    expect(await reasonOf(miniLogin(service))).toBe('user_disabled')
    expect(service.store.state.sessions.size).toBe(0)
    expect(service.events.at(-1)).toMatchObject({ action: 'sign_in', outcome: 'user_disabled' })
  })
})

describe('the limit of miniLogin', () => {
  it('is 60 calls a minute for one openid', async () => {
    const service = createTestService()
    for (let call = 0; call < 60; call++) await miniLogin(service)
    service.clock.advance(1)
    const failure = await failureOf(miniLogin(service))
    expect([failure.reason, failure.retryAfter]).toEqual(['rate_limited', 60])
    service.clock.advance(minute - 1_002)
    expect(await failureOf(miniLogin(service))).toMatchObject({ retryAfter: 2 })
    expect(await miniLogin(service, { ...ming, openid: 'another' })).toMatchObject({})
    expect(await miniLogin(service, { ...ming, appId: 'wx2' })).toMatchObject({})
    service.clock.advance(1_001)
    expect(await miniLogin(service)).toMatchObject({ status: 'unbound' })
    expect(service.events.filter(({ outcome }) => outcome === 'rate_limited')).toHaveLength(2)
  })

  it('is counted for a sign-in that goes well, too', async () => {
    const service = createTestService({ policy: { rateLimitFactor: 3 / 60 } })
    await registerTestUser(service, { account: 'ming' })
    for (let call = 0; call < 3; call++) await miniLogin(service)
    expect(await reasonOf(miniLogin(service))).toBe('rate_limited')
  })
})

describe('what WeChat says about the code', () => {
  it.each([
    'code_rejected',
    'user_blocked',
    'wechat_rate_limited',
    'wechat_unavailable',
    'wechat_misconfigured',
  ] as const)('is passed on and recorded: %s', async (reason) => {
    const service = createTestService()
    service.wechat.failNext(reason)
    expect(await reasonOf(miniLogin(service))).toBe(reason)
    expect(service.events).toMatchObject([
      { action: 'sign_in', outcome: reason, userId: null, appId: 'wx1' },
    ])
    expect(service.store.state.tickets.size).toBe(0)
  })

  it('is asked once for each code, also by concurrent calls', async () => {
    const service = createTestService()
    const code = service.wechat.loginCode(ming)
    const call = () => service.users.miniLogin({ appId: 'wx1', code, origin: testOrigin })
    const results = await Promise.allSettled(Array.from({ length: 8 }, call))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await reasonOf(call())).toBe('code_used')
    expect(service.wechat.requests.exchangeCode).toBe(1)
  })

  it('is not asked for an app that is not configured', async () => {
    const service = createTestService()
    expect(await reasonOf(miniLogin(service, { ...ming, appId: 'wx9' }))).toBe('app_unknown')
    expect(service.wechat.requests.exchangeCode).toBe(0)
  })
})
