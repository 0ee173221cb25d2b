import type { AppRouter, User } from '@mianmi/contracts'
import { createMemoryStorage, createWx } from '@mianmi/wechat-sandbox/wx'
import { wxLink } from '@mianmi/wx-link'
import { createSession } from '@mianmi/wx-session'
import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { expect, it, onTestFinished } from 'vitest'
import { startCuttingProxy } from '../stage/cutting-proxy.ts'
import { report } from '../stage/figures.ts'
import { length, rounds } from '../stage/length.ts'
import { appId, type Stage, setStage } from '../stage/stage.ts'

/** Says for the service that the access token has expired, as often as it is told to; then lets calls through. */
function expiry() {
  let expired: string | null = null
  let last = ''
  const link: TRPCLink<AppRouter> =
    () =>
    ({ op, next }) => {
      const headers = op.context['headers'] as { authorization?: string } | undefined
      last = headers?.authorization ?? last
      if (headers?.authorization === undefined || last !== expired) return next(op)
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
      expired = last
    },
  }
}

/** A phone behind a bad network; counts how often it had to go back to WeChat. */
function createPhone({ wechat }: Stage, user: string, url: string) {
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
  const { link, expire } = expiry()
  const api = createTRPCClient<AppRouter>({ links: [session.link(), link, direct] })
  return { session, api, counts, expire }
}

it('replies lost on the way never sign anyone out', async () => {
  const stage = await setStage()
  const proxy = await startCuttingProxy(stage.url, 0.1)
  onTestFinished(proxy.stop)
  const phones = Array.from({ length: 8 }, (_, index) => {
    const phone = createPhone(stage, `person-${index}`, proxy.url)
    return { ...phone, signedOut: 0, calls: 0, failed: 0, exchangesToSignIn: 0 }
  })
  const share = { short: 60, long: 100_000 / phones.length }
  await Promise.all(
    phones.map(async (phone) => {
      // The first sign-in may meet the bad network too, and is then tried again.
      while (phone.session.state.status !== 'signedIn') {
        await phone.session.launch()
        await phone.session.signIn()
      }
      await tryUntilAnswered(() => phone.api.me.query())
      phone.exchangesToSignIn = phone.counts.exchanges
      for (const _ of rounds(share)) {
        phone.expire()
        const ends = await Promise.allSettled([phone.api.me.query(), phone.api.me.query()])
        phone.calls += ends.length
        phone.failed += ends.filter(({ status }) => status === 'rejected').length
        if (phone.session.state.status !== 'signedIn') phone.signedOut += 1
      }
    }),
  )
  const sum = (figure: (phone: (typeof phones)[number]) => number) =>
    phones.reduce((total, phone) => total + figure(phone), 0)
  const refreshes = sum(({ counts }) => counts.refreshes)
  const forced = sum(
    ({ signedOut, counts, exchangesToSignIn }) => signedOut + counts.exchanges - exchangesToSignIn,
  )
  report('lost replies', {
    refreshes,
    replies: proxy.counts.replies,
    lost: proxy.counts.lost,
    'calls that failed for it': sum(({ failed }) => failed),
    'forced sign-outs': forced,
    sessions: stage.count('sessions'),
  })
  expect(refreshes).toBeGreaterThan(length({ short: 300, long: 300 }))
  expect(proxy.counts.lost).toBeGreaterThan(0)
  expect(forced).toBe(0)
})

async function tryUntilAnswered(call: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await call()
      return
    } catch (error) {
      if (error instanceof TRPCClientError && error.data) throw error
    }
  }
}
