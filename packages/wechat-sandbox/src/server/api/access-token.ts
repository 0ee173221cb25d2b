import type { SandboxState } from '../state/sandbox-state.ts'
import { WeChatError } from '../wechat-error.ts'
import type { Endpoint } from './endpoint.ts'
import { json, nonEmptyString } from './endpoint.ts'

/** https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html */
export function stableToken({ apps, accessTokens }: SandboxState): Endpoint {
  return {
    method: 'POST',
    path: '/cgi-bin/stable_token',
    contentType: json,
    handle({ body, logFields }) {
      const input = body()
      const appid = nonEmptyString(input['appid'])
      if (appid) logFields.appId = appid
      if (input['grant_type'] !== 'client_credential') throw new WeChatError(40002)
      const appId = apps.authenticate(appid, nonEmptyString(input['secret']))
      return accessTokens.stable(appId, input['force_refresh'] === true)
    },
  }
}

/** https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getAccessToken.html */
export function plainToken({ apps, accessTokens }: SandboxState): Endpoint {
  return {
    method: 'GET',
    path: '/cgi-bin/token',
    contentType: json,
    handle({ query, logFields }) {
      const appid = query('appid')
      if (appid) logFields.appId = appid
      if (query('grant_type') !== 'client_credential') throw new WeChatError(40002)
      return accessTokens.plain(apps.authenticate(appid, query('secret')))
    },
  }
}
