import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Wechat } from '../src/index.ts'
import { type RequestHandler, reply } from './fake-wechat.ts'
import { appId, openClientAndServer, rejectionOf } from './test-client.ts'

const key = { openid: 'o1', sessionKey: 'tiihtNczf5v6AKRyjwEUhQ==' }
const fresh = { errcode: 0, errmsg: 'ok', openid: 'o1', session_key: 'new-key' }

/** Answers token requests with t1, t2, … and everything else with `value`. */
function playing(value: unknown): RequestHandler {
  let count = 0
  return ({ path }, response) => {
    if (path !== '/cgi-bin/stable_token') return reply(response, value)
    count += 1
    return reply(response, { access_token: `t${count}`, expires_in: 7200 })
  }
}

const calls: [string, string, (wechat: Wechat) => Promise<unknown>][] = [
  ['checkSessionKey', '/wxa/checksession', (wechat) => wechat.checkSessionKey(appId, key)],
  [
    'resetUserSessionKey',
    '/wxa/resetusersessionkey',
    (wechat) => wechat.resetUserSessionKey(appId, key),
  ],
]

test.each(calls)(
  '%s proves possession of the key without sending it',
  async (_name, path, call) => {
    const { wechat, server } = await openClientAndServer(playing(fresh))
    await call(wechat)
    const [, request] = server.requests
    expect(request).toMatchObject({ method: 'GET', path, body: '' })
    expect(request?.query).toEqual({
      access_token: 't1',
      openid: 'o1',
      signature: createHmac('sha256', key.sessionKey).update('').digest('hex'),
      sig_method: 'hmac_sha256',
    })
    expect(JSON.stringify(server.requests)).not.toContain(key.sessionKey)
  },
)

test.each(calls)(
  '%s renews a refused token once and repeats the call once',
  async (_name, path, call) => {
    const { wechat, server } = await openClientAndServer(playing(fresh))
    const accepting = server.handler
    server.handler = (request, response) =>
      request.query['access_token'] === 't1'
        ? reply(response, { errcode: 40001 })
        : accepting(request, response)
    await call(wechat)
    expect(server.requests.map((request) => request.query['access_token'] ?? request.path)).toEqual(
      ['/cgi-bin/stable_token', 't1', '/cgi-bin/stable_token', 't2'],
    )
    server.handler = (request, response) =>
      request.path === path ? reply(response, { errcode: 42001 }) : accepting(request, response)
    expect(await rejectionOf(call(wechat))).toMatchObject({ kind: 'token_expired', errcode: 42001 })
  },
)

test.each(calls)('%s passes on other error codes', async (_name, _path, call) => {
  const { wechat } = await openClientAndServer(
    playing({ errcode: 40003, errmsg: 'invalid openid' }),
  )
  expect(await rejectionOf(call(wechat))).toMatchObject({ kind: 'rejected', errcode: 40003 })
})

test('an unknown appid is refused without a request to WeChat', async () => {
  const { wechat, server } = await openClientAndServer(playing(fresh))
  const both = [wechat.checkSessionKey('wx0', key), wechat.resetUserSessionKey('wx0', key)]
  for (const call of both) expect(await rejectionOf(call)).toMatchObject({ kind: 'app_unknown' })
  expect(server.requests).toEqual([])
})

test('checkSessionKey is true for a valid key and false for a stale one', async () => {
  const valid = await openClientAndServer(playing({ errcode: 0, errmsg: 'ok' }))
  expect(await valid.wechat.checkSessionKey(appId, key)).toBe(true)
  const stale = await openClientAndServer(playing({ errcode: 87009, errmsg: 'invalid signature' }))
  expect(await stale.wechat.checkSessionKey(appId, key)).toBe(false)
})

test('a reply without errcode does not make a key valid', async () => {
  const { wechat } = await openClientAndServer(playing({ errmsg: 'ok' }))
  expect(await rejectionOf(wechat.checkSessionKey(appId, key))).toMatchObject({
    kind: 'unavailable',
  })
})

test('a reset returns the new key', async () => {
  const { wechat } = await openClientAndServer(playing(fresh))
  expect(await wechat.resetUserSessionKey(appId, key)).toEqual({
    openid: 'o1',
    sessionKey: 'new-key',
  })
})

test('a stale key cannot be reset', async () => {
  const { wechat } = await openClientAndServer(
    playing({ errcode: 87009, errmsg: 'invalid signature' }),
  )
  const error = await rejectionOf(wechat.resetUserSessionKey(appId, key))
  expect(error).toMatchObject({ kind: 'data_rejected', errcode: 87009 })
})

test.each([
  ['of another user', { ...fresh, openid: 'o2' }],
  ['without a key', { ...fresh, session_key: undefined }],
  ['with an empty key', { ...fresh, session_key: '' }],
  ['with a key of 257 characters', { ...fresh, session_key: 'k'.repeat(257) }],
])('a reset with a reply %s is unavailable', async (_name, value) => {
  const { wechat } = await openClientAndServer(playing(value))
  const error = await rejectionOf(wechat.resetUserSessionKey(appId, key))
  expect(error).toMatchObject({ kind: 'unavailable' })
})
