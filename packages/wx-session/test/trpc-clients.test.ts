import { wxLink } from '@mianmi/wx-link'
import { createWxClient, wxLink as leanLink, type WxClient } from '@mianmi/wx-link/client'
import { createTRPCClient, type TRPCLink } from '@trpc/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSession, type Session } from '../src/index.ts'
import { sessionLink } from '../src/trpc.ts'
import { FakePlatform, type User } from './fixtures/fake-platform.ts'
import { startService, type TestRouter, type TestService } from './fixtures/trpc-service.ts'

let service: TestService
beforeEach(async () => {
  service = await startService()
})
afterEach(() => service.close())

type Create = (options: { links: TRPCLink<TestRouter>[] }) => WxClient<TestRouter>
const clients: [string, Create, typeof wxLink<TestRouter>][] = [
  ['createTRPCClient', createTRPCClient<TestRouter>, wxLink],
  ['createWxClient', createWxClient<TestRouter>, leanLink],
]

describe.each(clients)('with %s', (_name, createClient, createLink) => {
  const start = () => {
    const { url, request } = service
    const session: Session<User> = createSession<User>({
      wx: new FakePlatform().wx,
      exchange: (code) => client.miniLogin.mutate({ code }),
      refresh: (refreshToken) => client.refresh.mutate({ refreshToken }),
    })
    const client = createClient({ links: [sessionLink(session), createLink({ url, request })] })
    return { session, client }
  }

  it('signs in over wx.request, and the waiting calls share a request', async () => {
    const { session, client } = start()
    const calls = [client.me.query(), client.me.query(), client.pay.mutate({ cents: 5 })]
    await session.launch()
    expect(await Promise.all(calls)).toEqual(['me', 'me', 5])
    expect(service.requests).toBe(3)
    expect(service.served).toEqual(['miniLogin', 'me', 'me', 'pay'])
  })

  it('replays a rejected batch once after one refresh', async () => {
    const { session, client } = start()
    await session.launch()
    service.expire()
    service.served.length = 0
    const calls = [client.me.query(), client.me.query(), client.pay.mutate({ cents: 7 })]
    expect(await Promise.all(calls)).toEqual(['me', 'me', 7])
    expect(service.served.filter((path) => path === 'refresh')).toHaveLength(1)
    expect(service.served.filter((path) => path === 'pay')).toHaveLength(2)
  })

  it('reports a network failure and stays signed in', async () => {
    const { session, client } = start()
    await session.launch()
    service.close()
    const error: unknown = await client.me.query().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'TRPCClientError', cause: { kind: 'network' } })
    expect(session.state.status).toBe('signedIn')
  })
})
