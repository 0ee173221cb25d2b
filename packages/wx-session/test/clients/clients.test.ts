import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createSession, notSignedIn, type Session, type SessionReply } from '../../src/index.ts'
import { FakePlatform } from '../fixtures/fake-platform.ts'
import { createAlovaClient } from './alova.ts'
import { createAxiosClient } from './axios.ts'
import { createContainerClient } from './call-container.ts'
import type { Client, User } from './client.ts'
import { createLuchClient } from './luch-request.ts'
import { createWxRequestClient } from './wx-request.ts'

interface Received {
  url: string
  method: string
  data: unknown
  authorization: string | undefined
}

/** A REST backend behind wx.request, with one token, and a session that uses it. */
function createApp() {
  const platform = new FakePlatform()
  const received: Received[] = []
  const revoked = new Set<string>()
  const serve = (options: {
    url: string
    method?: string
    data?: unknown
    header?: Record<string, string>
  }): SessionReply => {
    const headers = Object.entries(options.header ?? {})
    const authorization = headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1]
    const { url, method = 'GET' } = options
    const data = typeof options.data === 'string' ? JSON.parse(options.data) : options.data
    received.push({ url, method, data, authorization })
    if (!authorization || revoked.has(authorization)) return { statusCode: 401, data: 'no' }
    if (url.endsWith('/missing')) return { statusCode: 404, data: 'missing' }
    if (url.endsWith('/busy')) return { statusCode: 503, data: 'busy' }
    return { statusCode: 200, data: { ok: method } }
  }
  const request = vi.fn((options: Parameters<typeof serve>[0] & Callbacks) => {
    const reply = serve(options)
    queueMicrotask(() => {
      options.success?.(reply)
      options.complete?.(reply)
    })
  })
  const wx = { ...platform.wx, request }
  let logins = 0
  const owner = { name: 'ming' }
  const session: Session<User> = createSession<User>({
    wx,
    exchange: async () => {
      logins += 1
      return {
        status: 'signedIn',
        tokens: { accessToken: `t${logins}` },
        user: { id: owner.name, name: owner.name },
      }
    },
  })
  vi.stubGlobal('uni', { request })
  const cloud = {
    callContainer: async ({ path, ...options }: Parameters<typeof serve>[0] & { path: string }) =>
      serve({ ...options, url: path }),
  }
  return { session, wx, cloud, received, owner, revoke: () => revoked.add(`Bearer t${logins}`) }
}

interface Callbacks {
  success?(reply: SessionReply): void
  complete?(reply: SessionReply): void
}

type App = ReturnType<typeof createApp>
const clients: [string, (app: App) => Client][] = [
  ['wx.request', ({ session }) => createWxRequestClient(session)],
  ['axios', ({ session, wx }) => createAxiosClient(session, wx)],
  ['alova', ({ session, wx }) => createAlovaClient(session, wx)],
  ['luch-request', ({ session }) => createLuchClient(session)],
  [
    'wx.cloud.callContainer',
    ({ session, cloud }) => createContainerClient(session, cloud as never),
  ],
]

describe.each(clients)('with %s', (_name, create) => {
  let app: App
  let client: Client
  beforeEach(() => {
    app = createApp()
    client = create(app)
  })

  it('a call waits for the sign-in and has the token', async () => {
    expect(await client.get('https://example.com/orders')).toEqual({ ok: 'GET' })
    expect(await client.post('https://example.com/orders', { id: 1 })).toEqual({ ok: 'POST' })
    expect(app.received).toEqual([
      {
        url: 'https://example.com/orders',
        method: 'GET',
        data: undefined,
        authorization: 'Bearer t1',
      },
      {
        url: 'https://example.com/orders',
        method: 'POST',
        data: { id: 1 },
        authorization: 'Bearer t1',
      },
    ])
  })

  it('a refused token is renewed, and the call is repeated once', async () => {
    await client.get('https://example.com/orders')
    app.revoke()
    expect(await client.get('https://example.com/orders')).toEqual({ ok: 'GET' })
    expect(app.received.map(({ authorization }) => authorization)).toEqual([
      'Bearer t1',
      'Bearer t1',
      'Bearer t2',
    ])
  })

  it('another failure is the failure of the call, and nothing is renewed', async () => {
    await expect(client.get('https://example.com/missing')).rejects.toBeDefined()
    expect(app.received).toHaveLength(1)
  })

  it.each(['get', 'post'] as const)('a %s that the server cannot answer fails', async (method) => {
    await expect(client[method]('https://example.com/busy', {})).rejects.toBeDefined()
    expect(app.received).toHaveLength(1)
  })

  it('a call fails, and is not repeated, where another user is signed in meanwhile', async () => {
    await client.get('https://example.com/orders')
    app.revoke()
    app.owner.name = 'another'
    await expect(client.post('https://example.com/orders', { id: 1 })).rejects.toBeDefined()
    expect(app.session.state).toMatchObject({ user: { name: 'another' } })
    expect(app.received).toHaveLength(2)
  })

  it('nothing is sent after a sign-out', async () => {
    await app.session.signOut()
    const error: unknown = await client.get('https://example.com/orders').catch((e: unknown) => e)
    expect(notSignedIn(error)?.state.status).toBe('signedOut')
    expect(app.received).toEqual([])
  })
})
