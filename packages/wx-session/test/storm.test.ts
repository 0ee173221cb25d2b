import { describe, expect, it } from 'vitest'
import {
  createFixture,
  FakePlatform,
  networkError,
  serverError,
  settle,
} from './fixtures/fake-platform.ts'

/** Twenty calls in five seconds. */
async function storm({ platform, call }: ReturnType<typeof createFixture>) {
  const errors: unknown[] = []
  for (let count = 0; count < 20; count += 1) {
    await call().catch((error: unknown) => errors.push(error))
    platform.time += 250
  }
  return errors
}

const refused = (reason: string, retryAfter?: number) => {
  const error = serverError(reason)
  return Object.assign(error, { data: Object.assign({}, error.data, { retryAfter }) })
}

describe('a storm of calls after a failed sign-in', () => {
  it('waits for as long as the server asks', async () => {
    const fixture = createFixture()
    const { platform, session, call } = fixture
    platform.failures.exchange = () => refused('rate_limited', 60)
    await session.launch()
    const errors = await storm(fixture)
    expect(errors).toHaveLength(20)
    expect(errors[19]).toMatchObject({ data: { reason: 'rate_limited' } })
    expect(platform.counts.login).toBe(1)
    platform.failures = {}
    platform.time += 54_999
    await expect(call()).rejects.toThrow('rate_limited')
    platform.time += 1
    expect(await call()).toMatch(/^access/)
  })

  it('waits for as long as the header Retry-After of a gateway asks', async () => {
    const fixture = createFixture()
    const { platform, session, call } = fixture
    const header = { 'Retry-After': '60' }
    platform.failures.exchange = () => ({ statusCode: 503, header, data: '<html>Busy</html>' })
    await session.launch()
    await storm(fixture)
    expect(platform.counts.login).toBe(1)
    platform.failures = {}
    platform.time += 54_999
    await call().catch(() => undefined)
    expect(platform.counts.login).toBe(1)
    platform.time += 1
    expect(await call()).toMatch(/^access/)
  })

  it.each(['user_blocked', 'user_disabled', 'app_unknown'])(
    'after %s waits for the person',
    async (reason) => {
      const fixture = createFixture()
      const { platform, session, call } = fixture
      platform.failures.exchange = () => refused(reason)
      await session.launch()
      await storm(fixture)
      platform.time += 86_400_000
      await expect(call()).rejects.toThrow(reason)
      expect(platform.counts.login).toBe(1)
      platform.failures = {}
      expect((await session.signIn()).status).toBe('signedIn')
    },
  )

  it('tries again less and less often without a network', async () => {
    const fixture = createFixture()
    fixture.platform.failures.exchange = networkError
    await fixture.session.launch()
    await storm(fixture)
    // After 0, 1 and 3 s, and the launch.
    expect(fixture.platform.counts.login).toBe(4)
    fixture.platform.failures = {}
    fixture.platform.time += 8_000
    expect(await fixture.call()).toMatch(/^access/)
  })

  it('goes on waiting where a sign-in from before a decision ends', async () => {
    const { platform, session, call } = createFixture()
    platform.delayed.add('exchange')
    void session.launch()
    await settle()
    const user = { name: 'ming' }
    await session.accept({ tokens: platform.newTokens(user), user })
    platform.expire()
    platform.failures.refresh = () => refused('rate_limited', 30)
    await expect(call()).rejects.toThrow('rate_limited')
    platform.take('exchange').reply()
    await settle()
    await expect(call()).rejects.toThrow('rate_limited')
    expect(platform.counts.refresh).toBe(1)
  })

  it('is not held up by a clock that was set back', async () => {
    const { platform, session, call } = createFixture()
    platform.failures.exchange = () => refused('rate_limited', 60)
    await session.launch()
    platform.failures = {}
    platform.time -= 86_400_000
    expect(await call()).toMatch(/^access/)
  })
})

describe('a storm of calls with a rejected token', () => {
  it('does not ask for more tokens than the pause allows, and the session stays', async () => {
    const fixture = createFixture()
    const { platform, session } = fixture
    await session.launch()
    platform.revoke()
    platform.failures.exchange = () => refused('rate_limited', 60)
    await storm(fixture)
    expect(platform.counts).toMatchObject({ login: 2, refresh: 1 })
    expect(session.state.status).toBe('signedIn')
    platform.failures = {}
    platform.time += 60_000
    expect(await fixture.call()).toMatch(/^access/)
  })

  it.each([
    ['refresh', {}],
    ['login', { refresh: undefined }],
  ] as const)(
    'asks less and less often where each new token is rejected too, by %s',
    async (kind, options) => {
      const fixture = createFixture(new FakePlatform(), options)
      const { platform, session, call } = fixture
      await session.launch()
      const before = platform.counts[kind]
      platform.failures.call = () => serverError('unauthenticated', 'UNAUTHORIZED')
      await storm(fixture)
      expect(platform.counts[kind] - before).toBe(2)
      expect(session.state.status).toBe('signedIn')
      await expect(call()).rejects.toThrow('refused: unauthenticated')
      platform.failures = {}
      expect(await call()).toMatch(/^access/)
      platform.time += 64_000
      platform.expire()
      expect(await call()).toMatch(/^access/)
      platform.expire()
      expect(await call()).toMatch(/^access/)
    },
  )

  // Another context has renewed at the same moment, and the server ends the token before.
  it.each([
    ['refresh', {}],
    ['login', { refresh: undefined }],
  ] as const)('tries again at once where one new token is rejected, by %s', async (_, options) => {
    const { platform, session, call } = createFixture(new FakePlatform(), options)
    await session.launch()
    let rejected = 2
    platform.failures.call = () =>
      rejected-- > 0 ? serverError('unauthenticated', 'UNAUTHORIZED') : undefined
    await expect(call()).rejects.toThrow('refused: unauthenticated')
    platform.expire()
    expect(await call()).toMatch(/^access/)
  })

  it('does not end where a call that was sent before the pause is accepted', async () => {
    const { platform, session, call } = createFixture()
    await session.launch()
    const first = platform.newest()
    let accept: (reply: string) => void = () => {}
    const late = session.authorized((token) => {
      if (token === first) return Promise.reject(serverError('unauthenticated', 'UNAUTHORIZED'))
      return new Promise<string>((resolve) => {
        accept = resolve
      })
    })
    await settle()
    platform.time += 1
    platform.revoke()
    platform.failures.exchange = () => refused('user_blocked')
    await expect(call()).rejects.toThrow('user_blocked')
    accept('late')
    expect(await late).toBe('late')
    const { login } = platform.counts
    await expect(call()).rejects.toThrow('user_blocked')
    expect(platform.counts.login).toBe(login)
  })

  it('of a disabled user waits for a tap, also where the session is signed in', async () => {
    const fixture = createFixture()
    const { platform, session, call } = fixture
    await session.launch()
    platform.expire()
    platform.failures.refresh = () => refused('user_disabled')
    await storm(fixture)
    platform.time += 86_400_000
    await expect(call()).rejects.toThrow('user_disabled')
    expect(platform.counts).toMatchObject({ login: 1, refresh: 1 })
    expect((await session.signIn()).status).toBe('signedIn')
    expect(platform.counts.refresh).toBe(2)
    platform.failures = {}
    await expect(call()).rejects.toThrow('user_disabled')
    await session.signIn()
    expect(await call()).toMatch(/^access/)
    platform.expire()
    expect(await call()).toMatch(/^access/)
  })
})

it('taps make at most four wx.login in a second', async () => {
  const { platform, session } = createFixture()
  platform.failures.exchange = networkError
  for (let tap = 0; tap < 10; tap += 1) await session.signIn()
  expect(platform.counts.login).toBe(4)
  expect(session.state).toMatchObject({ error: { message: 'login:fail too frequent' } })
  platform.failures = {}
  platform.time += 1_000
  expect((await session.signIn()).status).toBe('signedIn')
})
