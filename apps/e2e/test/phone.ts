import type { AppRouter, User } from '@mianmi/contracts'
import { createMemoryStorage, createWx } from '@mianmi/wechat-sandbox/wx'
import { wxLink } from '@mianmi/wx-link'
import { createSession } from '@mianmi/wx-session'
import { sessionLink } from '@mianmi/wx-session/trpc'
import { createTRPCClient, TRPCClientError } from '@trpc/client'
import { appId, type Stack } from './stack.ts'

export const password = 'sentinel-password-1'

/**
 * A simulated phone with the mini program's session and API client, without its pages. Its storage is kept between
 * launches, and every `wx` call is recorded.
 */
export function createPhone(stack: Stack, user: string) {
  const storage = createMemoryStorage()
  const calls: { api: string; path: string }[] = []
  return {
    calls,
    /** Counts the calls of a procedure or of a `wx` API since the phone was created. */
    count: (name: string) =>
      calls.filter(({ api, path }) => api === name || path.split(',').includes(name)).length,
    /** Launches the mini program; each call is a new launch on the same phone. */
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
      const api = createTRPCClient<AppRouter>({ links: [sessionLink(session), link] })
      return { wx, service, session, api }
    },
  }
}

export type OpenedMiniProgram = ReturnType<ReturnType<typeof createPhone>['open']>

/** Registers an account for the user of the phone, as the sign-in page does. */
export async function registerAs(
  { service, session }: OpenedMiniProgram,
  account: string,
): Promise<void> {
  const state = await session.launch()
  if (state.status !== 'unbound') throw new Error(`expected unbound, got ${state.status}`)
  const proof = { ticket: state.ticket }
  await session.accept(await service.register.mutate({ proof, account, password }))
}

/** Gets a login code through `wx.login`. */
export function loginCode({ wx }: OpenedMiniProgram): Promise<string> {
  return new Promise((resolve, reject) =>
    wx.login({ success: ({ code }) => resolve(code), fail: reject }),
  )
}

/** Returns the `reason` of a refused call; throws when the call succeeds. */
export async function reasonOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (error instanceof TRPCClientError) return String(error.data?.reason)
    throw error
  }
  throw new Error('the call was not refused')
}
