// Loaded here, so that loading it is part of no time-out; the client itself loads it with its first call.
import 'undici'
import { onTestFinished } from 'vitest'
import { createWechat, type Wechat, WechatError, type WechatOptions } from '../src/index.ts'
import { type Play, type StandIn, startStandIn } from './stand-in.ts'

export const appId = 'wxsentinelappid01'
export const secret = 'sentinel-secret'

/** A client that is closed when the test ends. */
export function openClient(options: Partial<WechatOptions>): Wechat {
  const wechat = createWechat({ apps: { [appId]: secret }, ...options })
  onTestFinished(() => wechat.close())
  return wechat
}

/** A client and the stand-in it talks to. */
export async function openPair(
  play: Play,
  options: Partial<WechatOptions> = {},
): Promise<{ wechat: Wechat; standIn: StandIn }> {
  const standIn = await startStandIn(play)
  onTestFinished(() => standIn.close())
  return { wechat: openClient({ baseUrl: standIn.url, ...options }), standIn }
}

/** The WechatError that a call rejects with; anything else fails the test. */
export async function failure(call: Promise<unknown>): Promise<WechatError> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if ('error' in outcome && outcome.error instanceof WechatError) return outcome.error
  throw new Error('expected a WechatError', { cause: outcome })
}
