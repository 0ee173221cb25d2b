import { expect, test } from 'vitest'
import type { WechatErrorKind } from '../src/index.ts'
import { reply } from './fake-wechat.ts'
import { appId, openClientAndServer, rejectionOf, secret } from './test-client.ts'

const good = { openid: 'o1', session_key: 'k1' }

test('code2Session sends the four documented parameters', async () => {
  const { wechat, server } = await openClientAndServer((_request, response) =>
    reply(response, good),
  )
  const session = await wechat.code2Session(appId, 'c&=+ 码')
  expect(session).toEqual({ openid: 'o1', sessionKey: 'k1', unionid: null })
  expect(server.requests).toMatchObject([
    {
      method: 'GET',
      path: '/sns/jscode2session',
      query: { appid: appId, secret, js_code: 'c&=+ 码', grant_type: 'authorization_code' },
    },
  ])
})

test('the path of the base address precedes the path of the API', async () => {
  const { server } = await openClientAndServer((_request, response) => reply(response, good))
  const { wechat } = await openClientAndServer(() => {}, { baseUrl: `${server.url}/proxy/` })
  await wechat.code2Session(appId, 'c')
  expect(server.requests[0]?.path).toBe('/proxy/sns/jscode2session')
})

test.each([
  ['errcode 0', { ...good, errcode: 0, errmsg: 'ok' }, null],
  ['a unionid', { ...good, unionid: 'u1' }, 'u1'],
  ['an empty unionid', { ...good, unionid: '' }, null],
  ['a null unionid', { ...good, unionid: null }, null],
  ['unknown fields', { ...good, is_limit: true }, null],
  ['a unionid of 128 characters', { ...good, unionid: 'u'.repeat(128) }, 'u'.repeat(128)],
])('a reply with %s is a success', async (_name, value, unionid) => {
  const { wechat } = await openClientAndServer((_request, response) => reply(response, value))
  const session = await wechat.code2Session(appId, 'c')
  expect(session).toEqual({ openid: 'o1', sessionKey: 'k1', unionid })
})

test('an openid of 128, a session_key of 256 and a code of 256 characters are accepted', async () => {
  const longest = { openid: 'o'.repeat(128), session_key: 'k'.repeat(256) }
  const { wechat, server } = await openClientAndServer((_request, response) =>
    reply(response, longest),
  )
  const session = await wechat.code2Session(appId, 'c'.repeat(256))
  expect(session).toEqual({
    openid: longest.openid,
    sessionKey: longest.session_key,
    unionid: null,
  })
  expect(server.requests[0]?.query['js_code']).toBe('c'.repeat(256))
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

test.each(kinds)(
  'errcode %i has the kind "%s" and causes no retry',
  async (errcode, kind, retryAfter) => {
    const { wechat, server } = await openClientAndServer((_request, response) =>
      reply(response, { errcode, errmsg: 'sentinel' }),
    )
    const error = await rejectionOf(wechat.code2Session(appId, 'c'))
    expect(error).toMatchObject({ kind, errcode, retryAfter })
    expect(server.requests).toHaveLength(1)
  },
)

test('a reply with an errcode and an openid is a refusal', async () => {
  const { wechat } = await openClientAndServer((_request, response) =>
    reply(response, { ...good, errcode: 40029 }),
  )
  expect(await rejectionOf(wechat.code2Session(appId, 'c'))).toMatchObject({
    kind: 'code_rejected',
  })
})

test.each([
  ['no openid', { session_key: 'k1' }],
  ['an empty openid', { ...good, openid: '' }],
  ['an openid of 129 characters', { ...good, openid: 'o'.repeat(129) }],
  ['an empty session_key', { ...good, session_key: '' }],
  ['a session_key of 257 characters', { ...good, session_key: 'k'.repeat(257) }],
  ['a unionid of 129 characters', { ...good, unionid: 'u'.repeat(129) }],
  ['an openid that is a number', { ...good, openid: 1 }],
  ['no session_key', { openid: 'o1' }],
  ['a unionid that is an object', { ...good, unionid: {} }],
  ['an errcode that is a string', { ...good, errcode: '0' }],
  ['an errcode that is null', { ...good, errcode: null }],
  ['a list', [good]],
  ['null', null],
  ['a string', 'ok'],
])('a reply with %s is unavailable', async (_name, value) => {
  const { wechat } = await openClientAndServer((_request, response) => reply(response, value))
  const error = await rejectionOf(wechat.code2Session(appId, 'c'))
  expect(error).toMatchObject({ kind: 'unavailable', errcode: null })
})

test.each([
  ['an empty code', ''],
  ['a code of 257 characters', 'c'.repeat(257)],
])('%s is refused without a request to WeChat', async (_name, code) => {
  const { wechat, server } = await openClientAndServer(() => {})
  const phone = wechat.getPhoneNumber(appId, { code, openid: 'o1' })
  expect(await rejectionOf(wechat.code2Session(appId, code))).toMatchObject({
    kind: 'code_rejected',
  })
  expect(await rejectionOf(phone)).toMatchObject({ kind: 'code_rejected' })
  expect(server.requests).toEqual([])
})

test.each(['wxunknown', 'constructor', '__proto__', ''])(
  'the unknown appid "%s" is refused without a request to WeChat',
  async (unknown) => {
    const { wechat, server } = await openClientAndServer(() => {})
    const phone = wechat.getPhoneNumber(unknown, { code: 'c', openid: 'o1' })
    expect(await rejectionOf(wechat.code2Session(unknown, 'c'))).toMatchObject({
      kind: 'app_unknown',
    })
    expect(await rejectionOf(phone)).toMatchObject({ kind: 'app_unknown' })
    expect(server.requests).toEqual([])
  },
)
