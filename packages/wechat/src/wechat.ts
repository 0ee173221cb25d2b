import { parseBaseUrl } from './base-url.ts'
import { type Code2Session, code2SessionQuestion } from './code-to-session.ts'
import { within } from './deadline.ts'
import { type PhoneNumber, phoneNumberQuestion, readPhoneNumber } from './phone-number.ts'
import { createStableTokens } from './stable-token.ts'
import { createTransport } from './transport.ts'
import { WechatError } from './wechat-error.ts'

export interface WechatOptions {
  /** appid → secret */
  apps: Record<string, string>
  /** Default `https://api.weixin.qq.com`. Plain http only for loopback addresses. */
  baseUrl?: string
  /**
   * ms until a connection must stand, TLS included; default 1,500, at most `timeout`. undici
   * looks at this clock about twice a second, so it may take up to a second longer.
   */
  connectTimeout?: number
  /** ms for a whole call, from connecting to the last byte; default 3,000 */
  timeout?: number
  /** A longer reply is cut off; default 64 KiB */
  maxReplyBytes?: number
  /** The clock, ms since the epoch; default `Date.now` */
  now?: () => number
}

/** Every method rejects with a `WechatError` and nothing else. */
export interface Wechat {
  /** Exchanges the code of `wx.login`. Sent once and never repeated: a try may consume the code. */
  code2Session(appId: string, code: string): Promise<Code2Session>
  /**
   * Exchanges the code of a getPhoneNumber button. Where WeChat refuses the server's access
   * token, that is renewed once and the call repeated once: the code is untouched then.
   */
  getPhoneNumber(appId: string, input: { code: string; openid: string }): Promise<PhoneNumber>
  /** Waits for calls in flight, then closes all connections. Later calls are `unavailable`. */
  close(): Promise<void>
}

/** @throws TypeError where an option makes no sense; no value is ever repeated in it. */
export function createWechat(options: WechatOptions): Wechat {
  const apps = parseApps(options.apps)
  const timeout = positive('timeout', options.timeout ?? 3_000)
  const now = options.now ?? Date.now
  const transport = createTransport({
    baseUrl: parseBaseUrl(options.baseUrl ?? 'https://api.weixin.qq.com'),
    // A connection that comes later than the call's end would serve nobody.
    connectTimeout: Math.min(timeout, positive('connectTimeout', options.connectTimeout ?? 1_500)),
    maxReplyBytes: positive('maxReplyBytes', options.maxReplyBytes ?? 65_536),
  })
  const tokens = createStableTokens({ apps, transport, timeout, now })

  return {
    async code2Session(appId, code) {
      const secret = secretOf(apps, appId)
      checkCode(code)
      return within(timeout, (deadline) =>
        transport.ask(code2SessionQuestion({ appId, secret, code, deadline })),
      )
    },

    async getPhoneNumber(appId, { code, openid }) {
      secretOf(apps, appId)
      checkCode(code)
      return within(timeout, async (deadline) => {
        const ask = async (token: string) => {
          const reply = await transport.ask(phoneNumberQuestion({ token, code, openid, deadline }))
          return readPhoneNumber(reply, appId, now())
        }
        const token = await deadline.wait(tokens.current(appId))
        try {
          return await ask(token)
        } catch (error) {
          if (!(error instanceof WechatError) || error.kind !== 'token_expired') throw error
          return await ask(await deadline.wait(tokens.replacing(appId, token)))
        }
      })
    },

    close: () => transport.close(),
  }
}

function parseApps(apps: Record<string, string>): ReadonlyMap<string, string> {
  for (const [appId, secret] of Object.entries(apps)) {
    if (appId === '' || secret === '') throw new TypeError('an app needs an appid and a secret')
  }
  // A map, so that an appid such as "constructor" finds nothing.
  return new Map(Object.entries(apps))
}

function secretOf(apps: ReadonlyMap<string, string>, appId: string): string {
  const secret = apps.get(appId)
  if (secret === undefined) throw new WechatError('app_unknown')
  return secret
}

/** WeChat's codes have 32 to 64 characters; nothing near this limit is one. */
const maxCodeLength = 256

function checkCode(code: string): void {
  if (code === '' || code.length > maxCodeLength) throw new WechatError('code_rejected')
}

function positive(name: string, value: number): number {
  if (!Number.isFinite(value) || value <= 0) throw new TypeError(`${name} must be positive`)
  return value
}
