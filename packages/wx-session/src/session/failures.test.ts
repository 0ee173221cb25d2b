import { describe, expect, it } from 'vitest'
import { isCodeRejected, isUnauthenticated, retryDelay } from './failures.ts'

const serverError = (data: unknown) => Object.assign(new Error('x'), { data })

const circular: { response?: unknown } = {}
circular.response = circular

describe('isUnauthenticated', () => {
  it.each([
    [{ reason: 'unauthenticated' }, true],
    [{ reason: 'unauthenticated', code: 'UNAUTHORIZED' }, true],
    [{ code: 'UNAUTHORIZED' }, true],
    [{ reason: 'credential_rejected', code: 'UNAUTHORIZED' }, false],
    [{ code: 'FORBIDDEN' }, false],
    [{}, false],
    [null, false],
    ['UNAUTHORIZED', false],
  ])('of data %j is %s', (data, expected) => {
    expect(isUnauthenticated(serverError(data))).toBe(expected)
  })

  it.each<[string, unknown, boolean]>([
    ['a plain error', new Error('x'), false],
    ['a text', 'text', false],
    ['null', null, false],
    ['a reply with the status 401', { statusCode: 401, data: '' }, true],
    ['a reply with the status 403', { statusCode: 403, data: '' }, false],
    ['a reply of mianmi', { statusCode: 401, data: { data: { reason: 'unauthenticated' } } }, true],
    [
      'a wrong password at mianmi',
      { statusCode: 401, data: { data: { reason: 'credential_rejected' } } },
      false,
    ],
    ['an error of axios', { response: { status: 401, data: {} } }, true],
    ['an error with a status', { status: 401 }, true],
    ['a body that was thrown', { status: 401, reason: 'credential_rejected' }, false],
    ['a body that was thrown, without a status', { reason: 'unauthenticated' }, true],
    ['a success', { statusCode: 200, data: { reason: 'unauthenticated' } }, false],
    ['a success of axios', { response: { status: 204, data: { code: 'UNAUTHORIZED' } } }, false],
    ['an error that is its own reply', circular, false],
  ])('of %s is %s', (_what, failure, expected) => {
    expect(isUnauthenticated(failure)).toBe(expected)
  })
})

describe('isCodeRejected', () => {
  it.each([
    ['code_rejected', true],
    ['code_used', true],
    ['user_blocked', false],
    [undefined, false],
  ])('of reason %s is %s', (reason, expected) => {
    expect(isCodeRejected(serverError({ reason }))).toBe(expected)
  })
})

describe('retryDelay', () => {
  it.each([
    [{ reason: 'rate_limited', retryAfter: 60 }, 60_000],
    [{ retryAfter: 'soon' }, 0],
    [{ retryAfter: -5 }, 0],
    [{}, 0],
  ])('of the data %j is %i ms', (data, delay) => {
    expect(retryDelay(serverError(data))).toBe(delay)
  })

  const future = new Date(Date.now() + 90_000).toUTCString()
  it.each<[string, unknown, unknown]>([
    ['a reply', { statusCode: 429, header: { 'Retry-After': '60' } }, 60_000],
    [
      'a reply with names in lower case',
      { statusCode: 503, header: { 'retry-after': 60 } },
      60_000,
    ],
    ['a date', { statusCode: 503, header: { 'Retry-After': future } }, expect.closeTo(89_500, -4)],
    ['a date in the past', { header: { 'Retry-After': new Date(0).toUTCString() } }, 0],
    ['no time', { header: { 'Retry-After': 'soon' } }, 0],
    ['an error of axios', { response: { status: 503, headers: { 'retry-after': '60' } } }, 60_000],
    [
      'an error of tRPC without data',
      { meta: { response: { statusCode: 503, header: { 'retry-after': '60' } } } },
      60_000,
    ],
    [
      'a reply whose body has its own',
      { statusCode: 429, header: { 'Retry-After': '60' }, data: { retryAfter: 5 } },
      5_000,
    ],
    ...[0, null, -5, 'soon'].map((retryAfter): [string, unknown, unknown] => [
      `a reply whose body says ${retryAfter}`,
      { header: { 'Retry-After': '60' }, data: { retryAfter } },
      60_000,
    ]),
    ['a reply with two of it', { header: { 'retry-after': '60, 60' } }, 60_000],
    ['a reply with a list of it', { header: { 'retry-after': ['60'] } }, 60_000],
    ['a reply with a unit', { header: { 'retry-after': '60 s' } }, 60_000],
    ['a reply with a word as unit', { header: { 'retry-after': '60seconds' } }, 60_000],
    ['a reply that asks for a day', { header: { 'Retry-After': '86400' } }, 86_400_000],
    ['a reply that asks for more', { header: { 'Retry-After': '86401' } }, 86_400_000],
    ['a body that asks for more', { data: { retryAfter: 1e12 } }, 86_400_000],
    ['a reply without headers', { statusCode: 503 }, 0],
  ])('is what the header Retry-After of %s asks for', (_what, failure, delay) => {
    expect(retryDelay(failure)).toEqual(delay)
  })

  it.each(['user_blocked', 'user_disabled', 'forbidden', 'app_unknown', 'wechat_misconfigured'])(
    'has no end after %s',
    (reason) => {
      expect(retryDelay(serverError({ reason, retryAfter: 1 }))).toBe(Number.POSITIVE_INFINITY)
      // A client that throws the body of the reply, such as RFC 9457 problem details.
      expect(retryDelay({ reason, status: 403 })).toBe(Number.POSITIVE_INFINITY)
    },
  )
})
