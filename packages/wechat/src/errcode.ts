import { isIP } from 'node:net'
import { WechatError, type WechatErrorKind } from './wechat-error.ts'

/** The errcodes that a sign-in must tell apart. Source: WeChat's error code pages. */
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

/** Complete, or it does not compile. */
const kinds: Record<WechatErrcode, WechatErrorKind> = {
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

/** What is not in the table is `rejected`. */
export function errorFromErrcode(errcode: number, errmsg = ''): WechatError {
  const address = errcode === 40164 ? addressIn(errmsg) : null
  return new WechatError(isListed(errcode) ? kinds[errcode] : 'rejected', { errcode, address })
}

/** `invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist`: the address, and nothing else of the text. */
function addressIn(errmsg: string): string | null {
  const address = /\binvalid ip ([\da-f:.]{2,45})/i.exec(errmsg)?.[1] ?? ''
  return isIP(address) === 0 ? null : address
}

function isListed(errcode: number): errcode is WechatErrcode {
  return Object.hasOwn(kinds, errcode)
}
