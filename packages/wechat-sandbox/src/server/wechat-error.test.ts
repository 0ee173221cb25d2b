import { expect, test } from 'vitest'
import { errorBody, errorTexts, WeChatError } from './wechat-error.ts'

test('every error code has the message of WeChat’s documentation', () => {
  expect(errorTexts).toEqual({
    '-1': 'system error',
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
  })
})

test('a refusal has the message and a request id that starts with the second', () => {
  const { errcode, errmsg } = errorBody(40029, 1_700_000_000_999)
  expect(errcode).toBe(40029)
  const second = (1_700_000_000).toString(16)
  expect(errmsg).toMatch(new RegExp(`^invalid code, rid: ${second}-[0-9a-f]{8}-[0-9a-f]{8}$`))
  expect(errorBody(99_999, 0).errmsg).toMatch(/^unknown error, rid: /)
  expect(new WeChatError(40226)).toMatchObject({ errcode: 40226, message: 'code blocked' })
})
