import type { AppRouter, User } from '@mianmi/contracts'
import { createMemoryStorage, createWx } from '@mianmi/wechat-sandbox/wx'
import { wxLink } from '@mianmi/wx-link'
import { createSession } from '@mianmi/wx-session'
import { sessionLink } from '@mianmi/wx-session/trpc'
import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { expect, it, onTestFinished } from 'vitest'
import { report } from '../harness/figures.ts'
import { appId, type Harness, startHarness } from '../harness/harness.ts'
import { startLossyProxy } from '../harness/lossy-proxy.ts'
import { rounds } from '../harness/run-length.ts'

/** A link that refuses the current access token as expired after `expire()`. */
function createExpiryLink() {
  let expired: string | null = null
  let current = ''
  const link: TRPCLink<AppRouter> =
    () =>
    ({ op, next }) => {
      const headers = op.context['headers'] as { authorization?: string } | undefined
      current = headers?.authorization ?? current
      if (headers?.authorization === undefined || current !== expired) return next(op)
      const data = { code: 'UNAUTHORIZED', reason: 'unauthenticated' }
      return observable((observer) =>
        observer.error(
          TRPCClientError.from({ error: { message: 'expired', code: -32_001, data } } as never),
        ),
      )
    }
  return {
    link,
    expire: () => {
      expired = current
    },
  }
}

/** A mini program session behind the lossy proxy. Counts its code exchanges and refreshes. */
function createClientSession({ wechat }: Harness, user: string, url: string) {
  const wx = createWx({ appId, user, sandboxUrl: url, storage: createMemoryStorage() })
  const direct = wxLink<AppRouter>({ url: `${url}/trpc`, request: wx.request })
  const service = createTRPCClient<AppRouter>({ links: [direct] })
  const counts = { exchanges: 0, refreshes: 0 }
  const session = createSession<User>({
    wx: { ...wx, login: ({ success }) => success({ code: wechat.loginCode(user) }) },
    exchange: (code) => {
      counts.exchanges += 1
      return service.miniLogin.mutate({ appId, code })
    },
    refresh: (refreshToken) => {
      counts.refreshes += 1
      return service.session.refresh.mutate({ refreshToken })
    },
  })
  const { link, expire } = createExpiryLink()
  const api = createTRPCClient<AppRouter>({ links: [sessionLink(session), link, direct] })
  return { session, api, counts, expire }
}

it('lost replies never end a session', async () => {
  const harness = await startHarness()
  const proxy = await startLossyProxy(harness.url, 0.1)
  onTestFinished(proxy.stop)
  const clients = Array.from({ length: 8 }, (_, index) => {
    const client = createClientSession(harness, `person-${index}`, proxy.url)
    return { ...client, signedOut: 0, calls: 0, failed: 0, exchangesToSignIn: 0 }
  })
  const roundsPerClient = { short: 60, long: 100_000 / clients.length }
  await Promise.all(
    clients.map(async (client) => {
      // A reply to the first sign-in may be lost too; then it is repeated.
      while (client.session.state.status !== 'signedIn') {
        await client.session.launch()
        await client.session.signIn()
      }
      await retryUntilReply(() => client.api.me.query())
      client.exchangesToSignIn = client.counts.exchanges
      for (const _ of rounds(roundsPerClient)) {
        client.expire()
        const results = await Promise.allSettled([client.api.me.query(), client.api.me.query()])
        client.calls += results.length
        client.failed += results.filter(({ status }) => status === 'rejected').length
        if (client.session.state.status !== 'signedIn') client.signedOut += 1
      }
    }),
  )
  const sum = (figure: (client: (typeof clients)[number]) => number) =>
    clients.reduce((total, client) => total + figure(client), 0)
  const refreshes = sum(({ counts }) => counts.refreshes)
  const forcedSignOuts = sum(
    ({ signedOut, counts, exchangesToSignIn }) => signedOut + counts.exchanges - exchangesToSignIn,
  )
  report('lost replies', {
    refreshes,
    replies: proxy.counts.replies,
    lost: proxy.counts.lost,
    'failed calls': sum(({ failed }) => failed),
    'forced sign-outs': forcedSignOuts,
    sessions: harness.count('sessions'),
  })
  expect(refreshes).toBeGreaterThan(300)
  expect(proxy.counts.lost).toBeGreaterThan(0)
  expect(forcedSignOuts).toBe(0)
})

async function retryUntilReply(call: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await call()
      return
    } catch (error) {
      if (error instanceof TRPCClientError && error.data) throw error
    }
  }
}
