import type { State } from '../state/state.ts'
import { WeChatError } from '../wechat-error.ts'
import type { Endpoint } from './endpoint.ts'
import { json, stringOf } from './endpoint.ts'

/** https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html */
export function stableToken({ apps, accessTokens }: State): Endpoint {
  return {
    method: 'POST',
    path: '/cgi-bin/stable_token',
    contentType: json,
    answer({ body, note }) {
      const input = body()
      const appid = stringOf(input['appid'])
      if (appid) note.appId = appid
      if (input['grant_type'] !== 'client_credential') throw new WeChatError(40002)
      const appId = apps.authenticate(appid, stringOf(input['secret']))
      return accessTokens.stable(appId, input['force_refresh'] === true)
    },
  }
}

/** https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getAccessToken.html */
export function plainToken({ apps, accessTokens }: State): Endpoint {
  return {
    method: 'GET',
    path: '/cgi-bin/token',
    contentType: json,
    answer({ query, note }) {
      const appid = query('appid')
      if (appid) note.appId = appid
      if (query('grant_type') !== 'client_credential') throw new WeChatError(40002)
      return accessTokens.plain(apps.authenticate(appid, query('secret')))
    },
  }
}
