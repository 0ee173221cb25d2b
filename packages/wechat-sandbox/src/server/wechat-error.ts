import { randomBytes } from 'node:crypto'

/**
 * WeChat's own messages for its error codes.
 *
 * @see https://developers.weixin.qq.com/doc/oplatform/Return_codes/Return_code_descriptions_new.html
 */
export const errorTexts = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40066: 'invalid url',
  40125: 'invalid appsecret',
  40163: 'code been used',
  40164: 'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist',
  40226: 'code blocked',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41008: 'missing code',
  42001: 'access_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower retry next minute',
  47001: 'data format error',
  87009: 'invalid signature',
} as const

/** The error codes that the sandbox uses. */
export type ErrorCode = keyof typeof errorTexts

/** A refusal, sent as WeChat does: HTTP status 200 with the code in the body. */
export class WeChatError extends Error {
  override name = 'WeChatError'
  readonly errcode: ErrorCode

  constructor(errcode: ErrorCode) {
    super(errorTexts[errcode])
    this.errcode = errcode
  }
}

/** The body of a refusal. */
export interface ErrorBody {
  /** WeChat's error code. */
  errcode: number
  /** WeChat's message and a request id. */
  errmsg: string
}

const texts = new Map(Object.entries(errorTexts))

/**
 * Builds the body of a refusal.
 *
 * @param now milliseconds since the epoch: WeChat's request id starts with the second of the call
 */
export function errorBody(errcode: number, now: number): ErrorBody {
  const second = Math.floor(now / 1000).toString(16)
  const tail = [randomBytes(4), randomBytes(4)].map((bytes) => bytes.toString('hex'))
  const text = texts.get(String(errcode)) ?? 'unknown error'
  return { errcode, errmsg: `${text}, rid: ${[second, ...tail].join('-')}` }
}
