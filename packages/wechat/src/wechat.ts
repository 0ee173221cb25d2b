import { type Code2Session, code2SessionRequest } from './calls/code-to-session.ts'
import { type PhoneNumber, phoneNumberRequest, readPhoneNumber } from './calls/phone-number.ts'
import {
  checkSessionKeyRequest,
  resetSessionKeyRequest,
  type SessionKey,
} from './calls/session-key.ts'
import { createStableTokens, type StableTokens } from './calls/stable-token.ts'
import { type ApiRequest, type CallPolicy, createCallPolicy } from './transport/call-policy.ts'
import { createBulkhead } from './transport/limits/bulkhead.ts'
import { createCircuitBreaker } from './transport/limits/circuit-breaker.ts'
import { type Deadline, withDeadline } from './transport/limits/deadline.ts'
import { createRequestSender } from './transport/request-sender.ts'
import { unavailableError, WechatError } from './wechat-error.ts'
import { readWechatOptions, type WechatOptions, type WechatSettings } from './wechat-options.ts'

/**
 * A client of WeChat's server API. Every method rejects with a `WechatError` and nothing else; `app_unknown` when the
 * appid is not among the options.
 */
export interface Wechat {
  /**
   * Exchanges the code of `wx.login` for the user's openid and session key. Never repeated once sent: a failed try
   * may have consumed the code. WeChat's page: code2Session, `GET /sns/jscode2session`.
   */
  code2Session(appId: string, code: string): Promise<Code2Session>
  /**
   * Exchanges the code of a getPhoneNumber button. When WeChat refuses the access token, the token is renewed once
   * and the call repeated once: WeChat has not looked at the code then. WeChat's page: getPhoneNumber,
   * `POST /wxa/business/getuserphonenumber`.
   */
  getPhoneNumber(appId: string, input: { code: string; openid: string }): Promise<PhoneNumber>
  /**
   * Whether this is still the user's session key; false when a later login has replaced it. WeChat's page:
   * checkSessionKey, `GET /wxa/checksession`.
   */
  checkSessionKey(appId: string, key: SessionKey): Promise<boolean>
  /**
   * Replaces the user's session key and returns the new one; `data_rejected` when `key` is stale. When the reply is
   * lost, so is the new key: the user's next login brings another. WeChat's page: ResetUserSessionKey,
   * `GET /wxa/resetusersessionkey`.
   */
  resetUserSessionKey(appId: string, key: SessionKey): Promise<SessionKey>
  /**
   * Checks appid, secret and this server's IP address: requests an access token although one may be cached, and
   * invalidates no other token. After `misconfigured`, `errcode` and `address` say what is wrong. WeChat's page:
   * getStableAccessToken, `POST /cgi-bin/stable_token`.
   */
  checkApp(appId: string): Promise<void>
  /** Waits for the requests in flight, then closes all connections. Later calls are `unavailable`. */
  close(): Promise<void>
}

/**
 * Creates a client of WeChat's server API. It connects at the first call; `close` it at the end.
 *
 * @throws TypeError for an invalid option; its message never contains the value
 *
 * @example
 * const wechat = createWechat({ apps: { wx1234567890abcdef: process.env.WECHAT_SECRET } })
 * const { openid, sessionKey, unionid } = await wechat.code2Session('wx1234567890abcdef', code)
 * await wechat.close()
 */
export function createWechat(options: WechatOptions): Wechat {
  const settings = readWechatOptions(options)
  const { apps, timeout, now } = settings
  const policy = composePolicy(settings)
  const tokens = createStableTokens({ apps, policy, timeout, now })
  const authorized = createAuthorizedCaller({ apps, timeout, policy, tokens })

  return {
    async code2Session(appId, code) {
      const secret = secretOf(apps, appId)
      checkCode(code)
      return withDeadline(timeout, (deadline) =>
        policy.call(appId, code2SessionRequest({ appId, secret, code, deadline })),
      )
    },

    async getPhoneNumber(appId, { code, openid }) {
      checkCode(code)
      const reply = await authorized.call(appId, (access) =>
        phoneNumberRequest({ ...access, code, openid }),
      )
      return readPhoneNumber(reply, appId, now())
    },

    async checkSessionKey(appId, key) {
      try {
        await authorized.call(appId, (access) => checkSessionKeyRequest({ ...access, ...key }))
        return true
      } catch (error) {
        if (error instanceof WechatError && error.kind === 'data_rejected') return false
        throw error
      }
    },

    async resetUserSessionKey(appId, key) {
      const renewed = await authorized.call(appId, (access) =>
        resetSessionKeyRequest({ ...access, ...key }),
      )
      if (renewed.openid !== key.openid) throw unavailableError('a key of another user')
      return renewed
    },

    async checkApp(appId) {
      secretOf(apps, appId)
      await tokens.fetchNew(appId)
    },

    close: () => policy.close(),
  }
}

function composePolicy(settings: WechatSettings): CallPolicy {
  const { breaker, maxConcurrent, maxQueued, timeout, now, onRequestEnd } = settings
  return createCallPolicy({
    sender: createRequestSender({ ...settings, connections: maxConcurrent }),
    breaker: createCircuitBreaker({ ...breaker, now }),
    bulkhead: createBulkhead({ maxConcurrent, maxQueued, maxWait: timeout / 2, now }),
    onRequestEnd,
  })
}

interface AuthorizedCaller {
  /** Calls with the server's access token; when WeChat refuses it, once more with a new token. */
  call<T>(appId: string, createRequest: (access: ApiAccess) => ApiRequest<T>): Promise<T>
}

interface ApiAccess {
  token: string
  deadline: Deadline
}

function createAuthorizedCaller(options: {
  apps: ReadonlyMap<string, string>
  timeout: number
  policy: CallPolicy
  tokens: StableTokens
}): AuthorizedCaller {
  const { apps, timeout, policy, tokens } = options
  return {
    async call(appId, createRequest) {
      secretOf(apps, appId)
      return withDeadline(timeout, async (deadline) => {
        const token = await deadline.race(tokens.current(appId))
        try {
          return await policy.call(appId, createRequest({ token, deadline }))
        } catch (error) {
          if (!(error instanceof WechatError) || error.kind !== 'token_expired') throw error
          const renewed = await deadline.race(tokens.replace(appId, token))
          return await policy.call(appId, createRequest({ token: renewed, deadline }))
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

/** Far above the 32 to 64 characters of WeChat's codes. */
const maxCodeLength = 256

function checkCode(code: string): void {
  if (code === '' || code.length > maxCodeLength) throw new WechatError('code_rejected')
}
