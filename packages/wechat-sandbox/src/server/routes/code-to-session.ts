import { openidOf, unionidOf } from '../people.ts'
import type { State } from '../state/state.ts'
import { WeChatError } from '../wechat-error.ts'
import type { Endpoint } from './endpoint.ts'
import { text } from './endpoint.ts'

/** https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html */
export function codeToSession({ apps, loginCodes, sessionKeys }: State): Endpoint {
  return {
    method: 'GET',
    path: '/sns/jscode2session',
    contentType: text,
    answer({ query, note }) {
      const [appid, code] = [query('appid'), query('js_code')]
      if (appid) note.appId = appid
      if (code) note.code = code
      const appId = apps.authenticate(appid, query('secret'))
      if (!code) throw new WeChatError(41008)
      if (query('grant_type') !== 'authorization_code') throw new WeChatError(40002)
      const redeemed = loginCodes.redeem(code, appId)
      if (!redeemed.ok) throw new WeChatError(redeemed.why === 'used' ? 40163 : 40029)
      const openid = openidOf(appId, redeemed.user)
      const sessionKey = sessionKeys.current(openid) ?? sessionKeys.rotate(openid)
      return { session_key: sessionKey, openid, unionid: unionidOf(redeemed.user) }
    },
  }
}
