import { expect, test } from 'vitest'
import type { WechatErrorKind } from '../src/index.ts'
import { appId, failure, openPair, secret } from './client.ts'
import { reply } from './stand-in.ts'

const good = { openid: 'o1', session_key: 'k1' }

test('a code is exchanged with the four parameters of the documentation', async () => {
  const { wechat, standIn } = await openPair((_asked, response) => reply(response, good))
  const session = await wechat.code2Session(appId, 'c&=+ 码')
  expect(session).toEqual({ openid: 'o1', sessionKey: 'k1', unionid: null })
  expect(standIn.asked).toMatchObject([
    {
      method: 'GET',
      path: '/sns/jscode2session',
      query: { appid: appId, secret, js_code: 'c&=+ 码', grant_type: 'authorization_code' },
    },
  ])
})

test('a base address with a path keeps it', async () => {
  const { standIn } = await openPair((_asked, response) => reply(response, good))
  const { wechat } = await openPair(() => {}, { baseUrl: `${standIn.url}/proxy/` })
  await wechat.code2Session(appId, 'c')
  expect(standIn.asked[0]?.path).toBe('/proxy/sns/jscode2session')
})

test.each([
  ['errcode 0', { ...good, errcode: 0, errmsg: 'ok' }, null],
  ['a unionid', { ...good, unionid: 'u1' }, 'u1'],
  ['an empty unionid', { ...good, unionid: '' }, null],
  ['a null unionid', { ...good, unionid: null }, null],
  ['fields nobody knows', { ...good, is_limit: true }, null],
])('a reply with %s is a success', async (_name, value, unionid) => {
  const { wechat } = await openPair((_asked, response) => reply(response, value))
  const session = await wechat.code2Session(appId, 'c')
  expect(session).toEqual({ openid: 'o1', sessionKey: 'k1', unionid })
})

const kinds: [number, WechatErrorKind, number | null][] = [
  [-1, 'busy', 5],
  [40001, 'token_expired', null],
  [40013, 'misconfigured', null],
  [40014, 'token_expired', null],
  [40029, 'code_rejected', null],
  [40125, 'misconfigured', null],
  [40163, 'code_used', null],
  [40164, 'misconfigured', null],
  [40226, 'user_blocked', null],
  [41002, 'misconfigured', null],
  [41004, 'misconfigured', null],
  [41008, 'misconfigured', null],
  [42001, 'token_expired', null],
  [45009, 'quota_exhausted', null],
  [45011, 'rate_limited', 60],
  [87009, 'data_rejected', null],
  [40003, 'rejected', null],
]

test.each(kinds)('errcode %i is "%s" and is not tried again', async (errcode, kind, retryAfter) => {
  const { wechat, standIn } = await openPair((_asked, response) =>
    reply(response, { errcode, errmsg: 'sentinel' }),
  )
  const error = await failure(wechat.code2Session(appId, 'c'))
  expect(error).toMatchObject({ kind, errcode, retryAfter })
  expect(standIn.asked).toHaveLength(1)
})

test('an errcode beside an openid is a refusal', async () => {
  const { wechat } = await openPair((_asked, response) =>
    reply(response, { ...good, errcode: 40029 }),
  )
  expect(await failure(wechat.code2Session(appId, 'c'))).toMatchObject({ kind: 'code_rejected' })
})

test.each([
  ['no openid', { session_key: 'k1' }],
  ['an empty openid', { ...good, openid: '' }],
  ['an openid too long', { ...good, openid: 'o'.repeat(129) }],
  ['an openid that is a number', { ...good, openid: 1 }],
  ['no session_key', { openid: 'o1' }],
  ['a unionid that is an object', { ...good, unionid: {} }],
  ['an errcode that is a text', { ...good, errcode: '0' }],
  ['an errcode that is null', { ...good, errcode: null }],
  ['a list', [good]],
  ['null', null],
  ['a text', 'ok'],
])('a reply with %s makes no sense', async (_name, value) => {
  const { wechat } = await openPair((_asked, response) => reply(response, value))
  const error = await failure(wechat.code2Session(appId, 'c'))
  expect(error).toMatchObject({ kind: 'unavailable', errcode: null })
})

test.each([
  ['an empty code', ''],
  ['an absurdly long code', 'c'.repeat(257)],
])('%s is refused before WeChat is asked', async (_name, code) => {
  const { wechat, standIn } = await openPair(() => {})
  const phone = wechat.getPhoneNumber(appId, { code, openid: 'o1' })
  expect(await failure(wechat.code2Session(appId, code))).toMatchObject({ kind: 'code_rejected' })
  expect(await failure(phone)).toMatchObject({ kind: 'code_rejected' })
  expect(standIn.asked).toEqual([])
})

test.each(['wxunknown', 'constructor', '__proto__', ''])(
  'appid "%s" that is not configured is never asked about',
  async (unknown) => {
    const { wechat, standIn } = await openPair(() => {})
    const phone = wechat.getPhoneNumber(unknown, { code: 'c', openid: 'o1' })
    expect(await failure(wechat.code2Session(unknown, 'c'))).toMatchObject({ kind: 'app_unknown' })
    expect(await failure(phone)).toMatchObject({ kind: 'app_unknown' })
    expect(standIn.asked).toEqual([])
  },
)
