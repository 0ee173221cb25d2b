import type { SandboxState } from '../state/sandbox-state.ts'
import type { WeChatUser } from '../state/wechat-users.ts'
import { WeChatError } from '../wechat-error.ts'
import type { Endpoint } from './endpoint.ts'
import { json, nonEmptyString } from './endpoint.ts'

/** https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/phone-number/getPhoneNumber.html */
export function phoneNumber({ accessTokens, users, phoneCodes, now }: SandboxState): Endpoint {
  return {
    method: 'POST',
    path: '/wxa/business/getuserphonenumber',
    contentType: json,
    handle({ query, body, logFields }) {
      const appId = accessTokens.check(query('access_token'))
      logFields.appId = appId
      const input = body()
      const code = nonEmptyString(input['code'])
      if (!code) throw new WeChatError(41008)
      logFields.code = code
      const found = phoneCodes.peek(code, appId)
      if (!found.ok) throw new WeChatError(found.reason === 'otherApp' ? 40013 : 40029)
      const openid = nonEmptyString(input['openid'])
      if (openid && openid !== users.openid(appId, found.user)) throw new WeChatError(40003)
      phoneCodes.redeem(code, appId)
      return {
        errcode: 0,
        errmsg: 'ok',
        phone_info: {
          ...phoneInfo(users.get(found.user)),
          watermark: { timestamp: Math.floor(now() / 1000), appid: appId },
        },
      }
    },
  }
}

/** `phoneNumber` carries the country code for numbers outside China only. */
export function phoneInfo({ phone, countryCode }: WeChatUser): {
  phoneNumber: string
  purePhoneNumber: string
  countryCode: string | number
} {
  const digits = String(countryCode).replace(/^ ?(\+|00)?/, '')
  return {
    phoneNumber: digits === '86' ? phone : `+${digits}${phone}`,
    purePhoneNumber: phone,
    countryCode,
  }
}
