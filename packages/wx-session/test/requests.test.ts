import { describe, expect, it, vi } from 'vitest'
import {
  createSession,
  notSignedIn,
  type Session,
  type SessionReply,
  type SessionRequestOptions,
} from '../src/index.ts'
import { FakePlatform, type User } from './fixtures/fake-platform.ts'

type Answer = (token: string | undefined) => SessionReply | undefined

/** A session with a backend of its own: REST, one token, no refresh. */
function createRestApp(answer: Answer) {
  const platform = new FakePlatform()
  const sent: SessionRequestOptions[] = []
  let serial = 0
  const request = vi.fn((options: Parameters<NonNullable<typeof platform.wx.request>>[0]) => {
    const { success, fail: _, ...rest } = options
    sent.push(rest)
    queueMicrotask(() => success(answer(options.header?.['authorization']) as SessionReply))
  })
  const wx = { ...platform.wx, request }
  const session: Session<User> = createSession<User>({
    wx,
    exchange: async (code) => {
      const { statusCode, data } = await session.request({
        url: '/login',
        method: 'POST',
        data: { code },
      })
      if (statusCode !== 200) throw Object.assign(new Error('refused'), { statusCode })
      const user = { id: '1', name: 'ming' }
      return {
        status: 'signedIn',
        tokens: { accessToken: `${(data as { token: string }).token}${++serial}` },
        user,
      }
    },
    now: () => platform.time,
  })
  return { platform, session, sent, request }
}

const ok = (data: unknown): SessionReply => ({ statusCode: 200, data })

describe('session.request', () => {
  it('sends the token, keeps the options, and resolves with the reply', async () => {
    const { session, sent } = createRestApp((token) => (token ? ok('orders') : ok({ token: 't' })))
    const header = { 'x-app': '1' }
    expect(
      await session.request({ url: '/orders', method: 'PUT', data: { a: 1 }, header }),
    ).toEqual(ok('orders'))
    expect(sent).toEqual([
      { url: '/login', method: 'POST', data: { code: 'code1' }, header: {} },
      {
        url: '/orders',
        method: 'PUT',
        data: { a: 1 },
        header: { 'x-app': '1', authorization: 'Bearer t1' },
      },
    ])
    expect(header).toEqual({ 'x-app': '1' })
  })

  it('sends the token of the session in place of one in its options', async () => {
    const { session, sent } = createRestApp((token) => (token ? ok('orders') : ok({ token: 't' })))
    const header = { authorization: 'Bearer old' }
    await session.request({ url: '/orders', header })
    expect(sent[1]?.header).toEqual({ authorization: 'Bearer t1' })
  })

  it('signs in again once after the status 401, and repeats the request', async () => {
    const { session, sent } = createRestApp((token) => {
      if (!token) return ok({ token: 't' })
      return token === 'Bearer t1' ? { statusCode: 401, data: '' } : ok('orders')
    })
    expect(await session.request({ url: '/orders' })).toEqual(ok('orders'))
    expect(sent.map(({ url }) => url)).toEqual(['/login', '/orders', '/login', '/orders'])
  })

  it('resolves with a second 401, and with every other status', async () => {
    let statusCode = 401
    const { session, platform } = createRestApp((token) =>
      token ? { statusCode, data: 'no' } : ok({ token: 't' }),
    )
    expect(await session.request({ url: '/orders' })).toEqual({ statusCode: 401, data: 'no' })
    expect(platform.counts.login).toBe(2)
    statusCode = 500
    expect(await session.request({ url: '/orders' })).toEqual({ statusCode: 500, data: 'no' })
    expect(platform.counts.login).toBe(2)
  })

  it.each([
    ['without an argument', undefined],
    ['without a status', { data: 'x' } as SessionReply],
  ])('rejects when the phone calls success %s', async (_how, reply) => {
    const { session } = createRestApp((token) => (token ? reply : ok({ token: 't' })))
    await expect(session.request({ url: '/orders' })).rejects.toMatchObject({
      name: 'WxCallError',
      message: 'request:fail no status',
    })
  })

  it('a reply with a status 2xx is a success, unless the app says otherwise', async () => {
    const { session, sent } = createRestApp((token) =>
      token ? ok({ orderId: 1, reason: 'unauthenticated' }) : ok({ token: 't' }),
    )
    await session.request({ url: '/orders', method: 'POST' })
    expect(sent.map(({ url }) => url)).toEqual(['/login', '/orders'])
  })

  it('rejects with the failure of the phone', async () => {
    const { session, request } = createRestApp((token) => (token ? ok('') : ok({ token: 't' })))
    await session.launch()
    request.mockImplementation(({ fail }) => fail({ errMsg: 'request:fail timeout', errno: 5 }))
    await expect(session.request({ url: '/orders' })).rejects.toMatchObject({
      api: 'request',
      errno: 5,
    })
    request.mockImplementation(() => {
      throw new Error('no request')
    })
    await expect(session.request({ url: '/orders' })).rejects.toMatchObject({ api: 'request' })
  })

  it('is not sent after a sign-out', async () => {
    const { session, sent } = createRestApp(() => ok({ token: 't' }))
    await session.signOut()
    const error: unknown = await session
      .request({ url: '/orders' })
      .catch((thrown: unknown) => thrown)
    expect(notSignedIn(error)?.state.status).toBe('signedOut')
    expect(sent).toEqual([])
  })

  it('of revoke has the old token', async () => {
    const { session, sent } = createRestApp((token) => (token ? ok('') : ok({ token: 't' })))
    await session.launch()
    await session.signOut(() => session.request({ url: '/logout', method: 'POST' }))
    expect(sent.at(-1)).toMatchObject({ url: '/logout', header: { authorization: 'Bearer t1' } })
  })
})

describe('session.authorized', () => {
  it('waits for the launch, and passes the token and the result', async () => {
    const { session, platform } = createRestApp(() => ok({ token: 't' }))
    expect(await session.authorized(async (token) => ({ token }))).toEqual({ token: 't1' })
    expect(platform.counts.login).toBe(1)
  })

  it('decides by isUnauthenticated and isCodeRejected of the app', async () => {
    const platform = new FakePlatform()
    const codes: string[] = []
    const session = createSession<User>({
      wx: platform.wx,
      exchange: async (code) => {
        codes.push(code)
        if (codes.length === 1) throw new Error('E40029')
        return {
          status: 'signedIn',
          tokens: { accessToken: `t${codes.length}` },
          user: { id: '1', name: 'ming' },
        }
      },
      isUnauthenticated: (failure) => failure instanceof Error && failure.message === 'E_TOKEN',
      isCodeRejected: (failure) => failure instanceof Error && failure.message === 'E40029',
    })
    const tokens: string[] = []
    const result = await session.authorized(async (token) => {
      tokens.push(token)
      if (tokens.length === 1) throw new Error('E_TOKEN')
      return 'done'
    })
    expect([result, tokens, codes.length]).toEqual(['done', ['t2', 't3'], 3])
  })

  it('rejects with what run throws, also before its first await', async () => {
    const { session } = createRestApp(() => ok({ token: 't' }))
    const failure = new Error('own')
    const throwing = () => {
      throw failure
    }
    await expect(session.authorized(throwing)).rejects.toBe(failure)
  })
})
