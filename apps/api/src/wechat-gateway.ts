import { Failure, type Reason, type WechatGateway } from '@mianmi/core'
import { type Wechat, WechatError, type WechatErrorKind } from '@mianmi/wechat'

/** What WeChat's refusals of a login code mean to our callers; a missing kind does not compile. */
const loginReasons: Record<WechatErrorKind, Reason> = {
  code_rejected: 'code_rejected',
  code_used: 'code_used',
  user_blocked: 'user_blocked',
  rate_limited: 'wechat_rate_limited',
  quota_exhausted: 'wechat_unavailable',
  busy: 'wechat_unavailable',
  unavailable: 'wechat_unavailable',
  misconfigured: 'wechat_misconfigured',
  token_expired: 'wechat_misconfigured',
  app_unknown: 'app_unknown',
  data_rejected: 'data_rejected',
  rejected: 'wechat_unavailable',
}

/** A phone code that WeChat refuses is about the phone, not about the login. */
const phoneReasons: Record<WechatErrorKind, Reason> = {
  ...loginReasons,
  code_rejected: 'phone_rejected',
  code_used: 'phone_rejected',
  rejected: 'phone_rejected',
}

/** The core's WeChat port over the typed client. */
export function createWechatGateway(
  wechat: Pick<Wechat, 'code2Session' | 'getPhoneNumber' | 'resetUserSessionKey'>,
): WechatGateway {
  return {
    exchangeCode: (appId, code) => translate(loginReasons, () => wechat.code2Session(appId, code)),
    async phoneNumber({ appId, openid, code }) {
      const { purePhoneNumber, countryCode } = await translate(phoneReasons, () =>
        wechat.getPhoneNumber(appId, { code, openid }),
      )
      return countryCode === '86' ? purePhoneNumber : `+${countryCode}${purePhoneNumber}`
    },
    async resetSessionKey({ appId, ...key }) {
      const renewed = await translate(loginReasons, () => wechat.resetUserSessionKey(appId, key))
      return renewed.sessionKey
    },
  }
}

async function translate<T>(
  reasons: Record<WechatErrorKind, Reason>,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof WechatError)) throw error
    throw new Failure(reasons[error.kind], {
      detail: error.message,
      retryAfter: error.retryAfter ?? undefined,
      cause: error,
    })
  }
}
