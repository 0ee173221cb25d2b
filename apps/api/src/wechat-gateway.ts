import { Failure, type Reason, type WechatGateway } from '@mianmi/core'
import { type Wechat, WechatError, type WechatErrorKind } from '@mianmi/wechat'

/** The reason for each kind of WeChat's refusal of a login code. A missing kind does not compile. */
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

/** For calls with a phone code: a refused code means that the phone is rejected, not the login. */
const phoneReasons: Record<WechatErrorKind, Reason> = {
  ...loginReasons,
  code_rejected: 'phone_rejected',
  code_used: 'phone_rejected',
  rejected: 'phone_rejected',
}

/** Implements the WeChat port of `core` by the typed client. */
export function createWechatGateway(
  wechat: Pick<Wechat, 'code2Session' | 'getPhoneNumber' | 'resetUserSessionKey'>,
): WechatGateway {
  return {
    exchangeCode: (appId, code) =>
      withReasons(loginReasons, () => wechat.code2Session(appId, code)),
    async phoneNumber({ appId, openid, code }) {
      const { purePhoneNumber, countryCode } = await withReasons(phoneReasons, () =>
        wechat.getPhoneNumber(appId, { code, openid }),
      )
      return countryCode === '86' ? purePhoneNumber : `+${countryCode}${purePhoneNumber}`
    },
    async resetSessionKey({ appId, ...key }) {
      const renewed = await withReasons(loginReasons, () => wechat.resetUserSessionKey(appId, key))
      return renewed.sessionKey
    },
  }
}

async function withReasons<T>(
  reasons: Record<WechatErrorKind, Reason>,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof WechatError)) throw error
    throw new Failure(reasons[error.kind], {
      detail: error.message,
      retryAfter: error.retryAfter ?? undefined,
      cause: error,
    })
  }
}
