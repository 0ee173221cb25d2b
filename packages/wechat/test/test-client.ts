// The client loads undici at its first call; loaded here, so that loading is not part of any time limit.
import 'undici'
import { onTestFinished } from 'vitest'
import { createWechat, type Wechat, WechatError, type WechatOptions } from '../src/index.ts'
import { type FakeWechat, type RequestHandler, startFakeWechat } from './fake-wechat.ts'

export const appId = 'wxsentinelappid01'
export const secret = 'sentinel-secret'

/** A client that is closed when the test ends. */
export function openClient(options: Partial<WechatOptions>): Wechat {
  const wechat = createWechat({ apps: { [appId]: secret }, ...options })
  onTestFinished(() => wechat.close())
  return wechat
}

/** A client and the fake WeChat that it calls. */
export async function openClientAndServer(
  handler: RequestHandler,
  options: Partial<WechatOptions> = {},
): Promise<{ wechat: Wechat; server: FakeWechat }> {
  const server = await startFakeWechat(handler)
  onTestFinished(() => server.close())
  return { wechat: openClient({ baseUrl: server.url, ...options }), server }
}

/** The WechatError that a call rejects with; anything else fails the test. */
export async function rejectionOf(call: Promise<unknown>): Promise<WechatError> {
  const settled = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if ('error' in settled && settled.error instanceof WechatError) return settled.error
  throw new Error('expected a WechatError', { cause: settled })
}
