import type { SandboxState } from '../state/sandbox-state.ts'
import { WeChatError } from '../wechat-error.ts'
import type { Endpoint } from './endpoint.ts'
import { text } from './endpoint.ts'

/** https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html */
export function codeToSession(state: SandboxState): Endpoint {
  const { apps, loginLimit, loginCodes, users, sessionKeys } = state
  return {
    method: 'GET',
    path: '/sns/jscode2session',
    contentType: text,
    handle({ query, logFields }) {
      const [appid, code] = [query('appid'), query('js_code')]
      if (appid) logFields.appId = appid
      if (code) logFields.code = code
      const appId = apps.authenticate(appid, query('secret'))
      if (!code) throw new WeChatError(41008)
      if (query('grant_type') !== 'authorization_code') throw new WeChatError(40002)
      const found = loginCodes.peek(code, appId)
      if (!found.ok) throw new WeChatError(found.reason === 'used' ? 40163 : 40029)
      const openid = users.openid(appId, found.user)
      // Checked before the code is redeemed: a call over the limit leaves its code unused.
      loginLimit.countLogin(appId, openid)
      loginCodes.redeem(code, appId)
      const { unionid, blocked } = users.get(found.user)
      if (blocked) throw new WeChatError(40226)
      const sessionKey = sessionKeys.current(appId, openid) ?? sessionKeys.rotate(appId, openid)
      return { session_key: sessionKey, openid, ...(unionid !== null && { unionid }) }
    },
  }
}
