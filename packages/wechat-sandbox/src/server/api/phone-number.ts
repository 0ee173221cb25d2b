import type { Person } from '../state/people.ts'
import type { State } from '../state/state.ts'
import { WeChatError } from '../wechat-error.ts'
import type { Endpoint } from './endpoint.ts'
import { json, stringOf } from './endpoint.ts'

/** https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/phone-number/getPhoneNumber.html */
export function phoneNumber({ accessTokens, people, phoneCodes, now }: State): Endpoint {
  return {
    method: 'POST',
    path: '/wxa/business/getuserphonenumber',
    contentType: json,
    answer({ query, body, note }) {
      const appId = accessTokens.check(query('access_token'))
      note.appId = appId
      const input = body()
      const code = stringOf(input['code'])
      if (!code) throw new WeChatError(41008)
      note.code = code
      const found = phoneCodes.look(code, appId)
      if (!found.ok) throw new WeChatError(found.why === 'otherApp' ? 40013 : 40029)
      const openid = stringOf(input['openid'])
      if (openid && openid !== people.openid(appId, found.user)) throw new WeChatError(40003)
      phoneCodes.redeem(code, appId)
      return {
        errcode: 0,
        errmsg: 'ok',
        phone_info: {
          ...phoneInfo(people.of(found.user)),
          watermark: { timestamp: Math.floor(now() / 1000), appid: appId },
        },
      }
    },
  }
}

/** WeChat puts the country code before numbers from abroad only. */
export function phoneInfo({ phone, countryCode }: Person): {
  phoneNumber: string
  purePhoneNumber: string
  countryCode: string | number
} {
  const isAbroad = String(countryCode) !== '86'
  return {
    phoneNumber: isAbroad ? `+${countryCode}${phone}` : phone,
    purePhoneNumber: phone,
    countryCode,
  }
}
