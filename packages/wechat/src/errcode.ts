import { isIP } from 'node:net'
import { WechatError, type WechatErrorKind } from './wechat-error.ts'

/**
 * The error codes of WeChat that a sign-in must distinguish.
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html and the pages of the
 * other calls.
 */
export type WechatErrcode =
  | -1
  | 40001
  | 40013
  | 40014
  | 40029
  | 40125
  | 40163
  | 40164
  | 40226
  | 41002
  | 41004
  | 41008
  | 42001
  | 45009
  | 45011
  | 87009

const kindOfErrcode: Record<WechatErrcode, WechatErrorKind> = {
  [-1]: 'busy',
  40001: 'token_expired',
  40013: 'misconfigured',
  40014: 'token_expired',
  40029: 'code_rejected',
  40125: 'misconfigured',
  40163: 'code_used',
  40164: 'misconfigured',
  40226: 'user_blocked',
  41002: 'misconfigured',
  41004: 'misconfigured',
  41008: 'misconfigured',
  42001: 'token_expired',
  45009: 'quota_exhausted',
  45011: 'rate_limited',
  87009: 'data_rejected',
}

/** The error for a reply with an errcode. A code that is not in `WechatErrcode` gives the kind `rejected`. */
export function errorFromErrcode(errcode: number, errmsg = ''): WechatError {
  const address = errcode === 40164 ? readServerAddress(errmsg) : null
  const kind = isListed(errcode) ? kindOfErrcode[errcode] : 'rejected'
  return new WechatError(kind, { errcode, address })
}

/** Takes the address, and nothing else, from `invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist`. */
function readServerAddress(errmsg: string): string | null {
  const address = /\binvalid ip ([\da-f:.]{2,45})/i.exec(errmsg)?.[1] ?? ''
  return isIP(address) === 0 ? null : address
}

function isListed(errcode: number): errcode is WechatErrcode {
  return Object.hasOwn(kindOfErrcode, errcode)
}
