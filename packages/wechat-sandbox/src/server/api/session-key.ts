import { createHmac } from 'node:crypto'
import type { SandboxState } from '../state/sandbox-state.ts'
import { WeChatError } from '../wechat-error.ts'
import type { Endpoint, EndpointRequest } from './endpoint.ts'
import { json } from './endpoint.ts'

/** https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/checkSessionKey.html */
export function checkSession(state: SandboxState): Endpoint {
  return {
    method: 'GET',
    path: '/wxa/checksession',
    contentType: json,
    handle(request) {
      checkSignature(state, request)
      return { errcode: 0, errmsg: 'ok' }
    },
  }
}

/** https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/ResetUserSessionKey.html */
export function resetSessionKey(state: SandboxState): Endpoint {
  return {
    method: 'GET',
    path: '/wxa/resetusersessionkey',
    contentType: json,
    handle(request) {
      const { appId, openid } = checkSignature(state, request)
      const sessionKey = state.sessionKeys.rotate(appId, openid)
      return { errcode: 0, errmsg: 'ok', openid, session_key: sessionKey }
    },
  }
}

/**
 * Identifies the user whose current session key signed the request.
 *
 * @throws WeChatError 40003 without an openid, 87009 for a signature under another key
 */
function checkSignature(
  { accessTokens, sessionKeys }: SandboxState,
  { query, logFields }: EndpointRequest,
) {
  const appId = accessTokens.check(query('access_token'))
  logFields.appId = appId
  const openid = query('openid')
  if (!openid) throw new WeChatError(40003)
  const key = sessionKeys.current(appId, openid)
  const signed = key && createHmac('sha256', key).update('').digest('hex')
  if (query('sig_method') !== 'hmac_sha256' || !signed || query('signature') !== signed) {
    throw new WeChatError(87009)
  }
  return { appId, openid }
}
