import { Failure, type Reason, type WechatGateway } from '../../src/index.ts'

/** Who holds the phone: one WeChat account, seen by one app. */
export interface WechatUser {
  readonly appId: string
  readonly openid: string
  readonly unionid?: string | null
  readonly sessionKey?: string
}

export interface FakeWechat extends WechatGateway {
  /** A login code of this user, as `wx.login` returns it; it can be exchanged once. */
  loginCode(user: WechatUser): string
  /** A code of getPhoneNumber; it can be exchanged once, for this openid only. */
  phoneCode(draft: { appId: string; openid: string; phone: string }): string
  /** Makes the next request to WeChat fail, before a code is used up. */
  failNext(reason: Reason): void
  /** How many requests of each kind WeChat has answered or refused. */
  readonly requests: { exchangeCode: number; phoneNumber: number; resetSessionKey: number }
}

/** @param appIds the configured apps */
export function createFakeWechat(appIds: readonly string[]): FakeWechat {
  let serial = 0
  let failure: Failure | null = null
  const loginCodes = new Map<string, WechatUser | 'used'>()
  const phoneCodes = new Map<string, { appId: string; openid: string; phone: string }>()
  const requests = { exchangeCode: 0, phoneNumber: 0, resetSessionKey: 0 }
  const request = (kind: keyof typeof requests, appId: string): void => {
    if (!appIds.includes(appId)) throw new Failure('app_unknown')
    requests[kind] += 1
    if (failure === null) return
    const thrown = failure
    failure = null
    throw thrown
  }
  return {
    requests,

    loginCode(user) {
      const code = `code-${++serial}`
      loginCodes.set(code, { sessionKey: `session-key-${serial}`, ...user })
      return code
    },

    phoneCode(draft) {
      const code = `phone-code-${++serial}`
      phoneCodes.set(code, draft)
      return code
    },

    failNext: (reason) => {
      failure = new Failure(reason)
    },

    async exchangeCode(appId, code) {
      request('exchangeCode', appId)
      const user = loginCodes.get(code)
      if (user === 'used') throw new Failure('code_used')
      if (user === undefined || user.appId !== appId) throw new Failure('code_rejected')
      loginCodes.set(code, 'used')
      const { openid, unionid = null, sessionKey = '' } = user
      return { openid, unionid, sessionKey }
    },

    async phoneNumber({ appId, openid, code }) {
      request('phoneNumber', appId)
      const found = phoneCodes.get(code)
      if (found?.appId !== appId || found.openid !== openid) throw new Failure('phone_rejected')
      phoneCodes.delete(code)
      return found.phone
    },

    async resetSessionKey({ appId, sessionKey }) {
      request('resetSessionKey', appId)
      return `${sessionKey} renewed`
    },
  }
}
