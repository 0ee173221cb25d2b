import type { AppRouter, User } from '@mianmi/contracts'
import { createMemoryStorage, createWx } from '@mianmi/wechat-sandbox/wx'
import { wxLink } from '@mianmi/wx-link'
import { createSession } from '@mianmi/wx-session'
import { createTRPCClient, TRPCClientError } from '@trpc/client'
import { appId, type Stack } from './stack.ts'

export const password = 'sentinel-password-1'

/**
 * Somebody's phone: the parts of the mini program without its pages. What is stored stays from
 * launch to launch, and every call of `wx` is written down.
 */
export function createPhone(stack: Stack, user: string) {
  const storage = createMemoryStorage()
  const calls: { api: string; path: string }[] = []
  return {
    calls,
    /** How often a procedure, or an API of `wx`, was called since the phone was new. */
    count: (name: string) =>
      calls.filter(({ api, path }) => api === name || path.split(',').includes(name)).length,
    /** Opens the mini program; each opening is a new one in the same phone. */
    open() {
      const wx = createWx({
        appId,
        user,
        sandboxUrl: stack.sandboxUrl,
        storage,
        onCall: ({ api, input }) => {
          const url = (input as { url?: string } | undefined)?.url ?? ''
          calls.push({ api, path: url.match(/\/trpc\/([^?]+)/)?.[1] ?? '' })
        },
      })
      const link = wxLink<AppRouter>({ url: `${stack.url}/trpc`, request: wx.request })
      const service = createTRPCClient<AppRouter>({ links: [link] })
      const session = createSession<User>({
        wx,
        exchange: (code) => service.miniLogin.mutate({ appId, code }),
        refresh: (refreshToken) => service.session.refresh.mutate({ refreshToken }),
      })
      const api = createTRPCClient<AppRouter>({ links: [session.link(), link] })
      return { wx, service, session, api }
    },
  }
}

export type Opened = ReturnType<ReturnType<typeof createPhone>['open']>

/** Makes an account for whoever holds the phone, as the sign-in page does. */
export async function registerAs({ service, session }: Opened, account: string): Promise<void> {
  const state = await session.launch()
  if (state.status !== 'unbound') throw new Error(`expected unbound, got ${state.status}`)
  const proof = { ticket: state.ticket }
  await session.accept(await service.register.mutate({ proof, account, password }))
}

/** What wx.login gives whoever holds the phone. */
export function loginCode({ wx }: Opened): Promise<string> {
  return new Promise((resolve, reject) =>
    wx.login({ success: ({ code }) => resolve(code), fail: reject }),
  )
}

/** The reason a call is refused with; fails the test where it is not. */
export async function reasonOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (error instanceof TRPCClientError) return String(error.data?.reason)
    throw error
  }
  throw new Error('the call was not refused')
}
