import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSession, type SessionReply, type SessionWx } from '../../src/index.ts'
import { createFixture, FakePlatform, type User } from '../fixtures/fake-platform.ts'

/** Phones that call back twice, at once, late, never, or that throw. */

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

type Callbacks = { success(result: unknown): void; fail(failure: object): void }
type Api = (options: Callbacks & Record<string, unknown>) => unknown

/** Every API of the phone, changed in one way. */
function withEveryApi(change: (api: Api) => Api) {
  const platform = new FakePlatform()
  const apis = platform.wx as unknown as Record<string, Api>
  for (const [name, api] of Object.entries(apis)) apis[name] = change(api)
  return platform
}

describe('a phone that calls', () => {
  it.each<[string, (callbacks: Callbacks) => Callbacks]>([
    [
      'success twice',
      ({ success, fail }) => ({
        success(result) {
          success(result)
          success({ code: 'second', data: { signedOut: true } })
        },
        fail,
      }),
    ],
    [
      'fail after success, and success after fail',
      ({ success, fail }) => ({
        success(result) {
          success(result)
          fail({ errMsg: 'late' })
        },
        fail(failure) {
          fail(failure)
          success({ code: 'late', data: { signedOut: true } })
        },
      }),
    ],
    [
      'back a second later',
      ({ success, fail }) => ({
        success: (result) => void setTimeout(success, 1_000, result),
        fail: (failure) => void setTimeout(fail, 1_000, failure),
      }),
    ],
  ])('%s signs in, renews and stays signed out', async (_how, change) => {
    const platform = withEveryApi((api) => (options) => api({ ...options, ...change(options) }))
    const { session, call } = createFixture(platform)
    const run = async () => {
      expect((await session.launch()).status).toBe('signedIn')
      expect(await call()).toMatch(/^access/)
      platform.expire()
      expect(await call()).toMatch(/^access/)
      await session.signOut()
      const next = createFixture(platform)
      expect((await next.session.launch()).status).toBe('signedOut')
      expect(platform.counts).toMatchObject({ login: 1, exchange: 1, refresh: 1 })
    }
    const done = run()
    done.catch(() => undefined)
    await vi.advanceTimersByTimeAsync(60_000)
    await done
    expect(vi.getTimerCount()).toBe(0)
  })

  it('success before the API has returned signs in', async () => {
    const storage = new Map<string, unknown>()
    const wx: SessionWx = {
      login: ({ success }) => success({ code: 'c' }),
      getStorage: ({ key, success, fail }) =>
        storage.has(key) ? success({ data: storage.get(key) }) : fail({ errMsg: 'data not found' }),
      setStorage: ({ key, data, success }) => success(storage.set(key, data)),
      removeStorage: ({ key, success }) => success(storage.delete(key)),
      request: ({ success }) => success({ statusCode: 200, data: 'ok' }),
    }
    const exchange = async () =>
      ({ status: 'signedIn', tokens: { accessToken: 't' }, user: 1 }) as const
    const session = createSession<number>({ wx, exchange })
    expect((await session.launch()).status).toBe('signedIn')
    expect((await session.request({ url: '/' })).data).toBe('ok')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a phone whose every API', () => {
  it.each<[string, Api]>([
    [
      'throws',
      () => {
        throw new Error('gone')
      },
    ],
    ['fails without an argument', ({ fail }) => fail(undefined as never)],
    ['succeeds without an argument', ({ success }) => success(undefined)],
    ['fails with text', ({ fail }) => fail('gone' as never)],
    ['never calls back', () => undefined],
    ['returns a promise that rejects', () => Promise.reject(new Error('gone'))],
  ])('%s ends offline; nothing waits for ever', async (_how, api) => {
    const platform = withEveryApi(() => api)
    const { session, call } = createFixture(platform)
    const settled: unknown[] = []
    const track = (work: Promise<unknown>) =>
      void work.then(
        () => settled.push('done'),
        () => settled.push('failed'),
      )
    track(session.launch())
    track(call())
    track(session.signIn())
    await vi.advanceTimersByTimeAsync(120_000)
    expect(session.state.status).toBe('offline')
    track(session.signOut(() => new Promise(() => undefined)))
    await vi.advanceTimersByTimeAsync(120_000)
    expect(session.state.status).toBe('signedOut')
    expect(settled.sort()).toEqual(['done', 'done', 'done', 'failed'])
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('session.request', () => {
  const signedIn = async (request: SessionWx['request'], options = {}) => {
    const platform = new FakePlatform()
    if (request) platform.wx.request = request
    const { session } = createFixture(platform, options)
    await session.launch()
    return session
  }
  const failure = (error: unknown) => error

  it('on a phone without wx.request rejects', async () => {
    const session = await signedIn(undefined)
    expect(await session.request({ url: '/' }).catch(failure)).toMatchObject({ api: 'request' })
  })

  it.each<[string, (options: Callbacks) => unknown, string]>([
    ['that is aborted', ({ fail }) => fail({ errMsg: 'request:fail abort' }), 'request:fail abort'],
    ['that succeeds with null', ({ success }) => success(null), 'request:fail no status'],
    ['whose status is text', ({ success }) => success({ statusCode: '200' }), 'no status'],
  ])('%s rejects', async (_what, request, message) => {
    const session = await signedIn(request as SessionWx['request'])
    await expect(session.request({ url: '/' })).rejects.toThrow(message)
    expect(session.state.status).toBe('signedIn')
  })

  it('calls none of the callbacks in its options, which a repetition would call twice', async () => {
    const reply = { statusCode: 200, data: 'orders' }
    const session = await signedIn(((options: Callbacks & { complete?(): void }) => {
      options.success(reply)
      if (options.complete) options.complete()
    }) as SessionWx['request'])
    const callback = vi.fn()
    const callbacks = { success: callback, fail: callback, complete: callback }
    expect(await session.request({ url: '/', ...callbacks })).toBe(reply)
    expect(callback).not.toHaveBeenCalled()
  })

  it.each([Number.POSITIVE_INFINITY, 2 ** 31])('waits with the time limit %d', async (timeout) => {
    let reply: (reply: SessionReply) => void = () => undefined
    const session = await signedIn(({ success }) => {
      reply = success
    })
    const call = session.request({ url: '/', timeout })
    call.catch(() => undefined)
    await vi.advanceTimersByTimeAsync(600_000)
    reply({ statusCode: 200, data: 'late' })
    expect((await call).data).toBe('late')
  })
})

it('a time limit that is longer than a timer can be does not end the exchange at once', async () => {
  const platform = new FakePlatform()
  platform.delayed.add('exchange')
  const { session } = createFixture(platform, { requestTimeout: Number.POSITIVE_INFINITY })
  const launch = session.launch()
  await vi.advanceTimersByTimeAsync(600_000)
  platform.take('exchange').reply()
  expect((await launch).status).toBe('signedIn')
})

describe('a call whose client', () => {
  const signedIn = async () => {
    const { session } = createFixture()
    await session.launch()
    return session
  }

  it('sends with each `then`, as some do, sends once', async () => {
    const session = await signedIn()
    let sent = 0
    const lazy = () => ({
      // biome-ignore lint/suspicious/noThenProperty: a method of alova, and a query of some databases, is one
      then(resolve: (value: string) => void) {
        sent += 1
        resolve('ok')
      },
    })
    expect(await session.authorized(lazy as unknown as () => Promise<string>)).toBe('ok')
    expect(sent).toBe(1)
  })

  it('returns no promise gets its value', async () => {
    const session = await signedIn()
    expect(await session.authorized((() => 'ok') as unknown as () => Promise<string>)).toBe('ok')
  })
})

describe('a clock that jumps', () => {
  const year = 365 * 24 * 60 * 60 * 1000

  it.each([year, -year])('by %d ms signs no user out', async (jump) => {
    const platform = new FakePlatform()
    const { session, call } = createFixture(platform)
    await session.launch()
    platform.time += jump
    platform.expire()
    expect(await call()).toMatch(/^access/)
    const next = createFixture(platform)
    expect((await next.session.launch()).status).toBe('signedIn')
    expect(await next.call()).toMatch(/^access/)
  })

  it.each([year, -year])('by %d ms does not prolong a pause', async (jump) => {
    const platform = new FakePlatform()
    const busy = () =>
      Object.assign(new Error('busy'), { data: { reason: 'busy', retryAfter: 60 } })
    platform.failures = { exchange: busy }
    const { session, call } = createFixture(platform)
    await session.launch()
    platform.failures = {}
    platform.time += jump
    expect(await call()).toMatch(/^access/)
  })
})

it('a check of the stored user that throws counts as no', async () => {
  const platform = new FakePlatform()
  await createFixture(platform).session.launch()
  const isUser = (user: unknown) => (user as { roles: string[] }).roles.includes('any')
  const { session } = createFixture(platform, { isUser })
  expect((await session.launch()).status).toBe('signedIn')
  expect((session.state as { user: User }).user).toEqual({ name: 'ming' })
})
