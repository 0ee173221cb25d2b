import { type Code2Session, code2SessionQuestion } from './calls/code-to-session.ts'
import { type PhoneNumber, phoneNumberQuestion, readPhoneNumber } from './calls/phone-number.ts'
import {
  checkSessionKeyQuestion,
  resetSessionKeyQuestion,
  type SessionKey,
} from './calls/session-key.ts'
import { createStableTokens, type StableTokens } from './calls/stable-token.ts'
import { readOptions, type Settings, type WechatOptions } from './settings.ts'
import { createBreaker } from './transport/breaker.ts'
import { createBulkhead } from './transport/bulkhead.ts'
import { type Deadline, within } from './transport/deadline.ts'
import { createExchange } from './transport/exchange.ts'
import { createTransport, type Question, type Transport } from './transport/transport.ts'
import { unavailable, WechatError } from './wechat-error.ts'

/** Every method rejects with a `WechatError` and nothing else. */
export interface Wechat {
  /** Exchanges the code of `wx.login`. Sent once and never repeated: a try may consume the code. */
  code2Session(appId: string, code: string): Promise<Code2Session>
  /**
   * Exchanges the code of a getPhoneNumber button. Where WeChat refuses the server's access
   * token, that is renewed once and the call repeated once: the code is untouched then.
   */
  getPhoneNumber(appId: string, input: { code: string; openid: string }): Promise<PhoneNumber>
  /** Whether this is still the user's key: false after a later login has brought another. */
  checkSessionKey(appId: string, key: SessionKey): Promise<boolean>
  /**
   * Replaces the user's key; `data_rejected` where the one given is stale. Where the reply is
   * lost the new key is too: the user's next login brings another.
   */
  resetUserSessionKey(appId: string, key: SessionKey): Promise<SessionKey>
  /**
   * Whether WeChat lets this server in for the app: asks for an access token, whatever is held, and makes no
   * other one void. Where the error is `misconfigured`, its `errcode` and `address` tell what is wrong.
   */
  checkApp(appId: string): Promise<void>
  /** Waits for requests on the way, then closes all connections. Later calls are `unavailable`. */
  close(): Promise<void>
}

/** @throws TypeError where an option makes no sense; no value is ever repeated in it. */
export function createWechat(options: WechatOptions): Wechat {
  const settings = readOptions(options)
  const { apps, timeout, now } = settings
  const transport = connect(settings)
  const tokens = createStableTokens({ apps, transport, timeout, now })
  const caller = createTokenCaller({ ...settings, transport, tokens })

  return {
    async code2Session(appId, code) {
      const secret = secretOf(apps, appId)
      checkCode(code)
      return within(timeout, (deadline) =>
        transport.ask(appId, code2SessionQuestion({ appId, secret, code, deadline })),
      )
    },

    async getPhoneNumber(appId, { code, openid }) {
      checkCode(code)
      const reply = await caller.ask(appId, (access) =>
        phoneNumberQuestion({ ...access, code, openid }),
      )
      return readPhoneNumber(reply, appId, now())
    },

    async checkSessionKey(appId, key) {
      try {
        await caller.ask(appId, (access) => checkSessionKeyQuestion({ ...access, ...key }))
        return true
      } catch (error) {
        if (error instanceof WechatError && error.kind === 'data_rejected') return false
        throw error
      }
    },

    async resetUserSessionKey(appId, key) {
      const renewed = await caller.ask(appId, (access) =>
        resetSessionKeyQuestion({ ...access, ...key }),
      )
      if (renewed.openid !== key.openid) throw unavailable('a key of another user')
      return renewed
    },

    async checkApp(appId) {
      secretOf(apps, appId)
      await tokens.anew(appId)
    },

    close: () => transport.close(),
  }
}

function connect(settings: Settings): Transport {
  const { breaker, maxConcurrent: limit, maxQueued: queue, timeout, now, onAnswer } = settings
  return createTransport({
    exchange: createExchange({ ...settings, connections: limit }),
    breaker: createBreaker({ ...breaker, now }),
    bulkhead: createBulkhead({ limit, queue, maxWait: timeout / 2, now }),
    onAnswer,
  })
}

interface TokenCaller {
  /** Asks with the server's access token; where that is refused, once more with a new one. */
  ask<T>(appId: string, question: (access: Access) => Question<T>): Promise<T>
}

interface Access {
  token: string
  deadline: Deadline
}

function createTokenCaller(parts: {
  apps: ReadonlyMap<string, string>
  timeout: number
  transport: Transport
  tokens: StableTokens
}): TokenCaller {
  const { apps, timeout, transport, tokens } = parts
  return {
    async ask(appId, question) {
      secretOf(apps, appId)
      return within(timeout, async (deadline) => {
        const token = await deadline.wait(tokens.current(appId))
        try {
          return await transport.ask(appId, question({ token, deadline }))
        } catch (error) {
          if (!(error instanceof WechatError) || error.kind !== 'token_expired') throw error
          const renewed = await deadline.wait(tokens.replacing(appId, token))
          return await transport.ask(appId, question({ token: renewed, deadline }))
        }
      })
    },
  }
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
