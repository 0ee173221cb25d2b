import { expect, test } from 'vitest'
import { openidOf, unionidOf } from '../../src/server/index.ts'
import { appId, otherAppId, secret, startSandbox } from '../sandbox-server.ts'

const minute = 60_000

test('a login code becomes an openid, a unionid and a session key, without an errcode', async () => {
  const sandbox = await startSandbox()
  const code = await sandbox.login('小明')
  expect(code).toMatch(/^[\w-]{32}$/)
  expect(await sandbox.session(code)).toEqual({
    openid: openidOf(appId, '小明'),
    unionid: unionidOf('小明'),
    session_key: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
  })
})

test('a login reply has the content type text/plain, as at WeChat', async () => {
  const sandbox = await startSandbox()
  const response = await fetch(`${sandbox.url}/sns/jscode2session`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/plain')
})

test('a login code is valid once', async () => {
  const sandbox = await startSandbox()
  const code = await sandbox.login('ann')
  await sandbox.session(code)
  expect(await sandbox.session(code)).toEqual({
    errcode: 40163,
    errmsg: expect.stringMatching(/^code been used, rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/),
  })
})

test('only one of twenty parallel exchanges of a code succeeds', async () => {
  const sandbox = await startSandbox()
  const code = await sandbox.login('ann')
  const replies = await Promise.all(Array.from({ length: 20 }, () => sandbox.session(code)))
  expect(replies.filter((reply) => reply['openid'])).toHaveLength(1)
  expect(replies.filter((reply) => reply.errcode === 40163)).toHaveLength(19)
})

test('a login code expires after five minutes', async () => {
  const sandbox = await startSandbox()
  const [early, late] = [await sandbox.login('ann'), await sandbox.login('ann')]
  sandbox.pass(5 * minute - 1000)
  expect(await sandbox.session(early)).toHaveProperty('openid')
  sandbox.pass(1000)
  expect(await sandbox.session(late)).toMatchObject({ errcode: 40029 })
})

test('a code of another app is refused and stays unused', async () => {
  const sandbox = await startSandbox()
  const code = await sandbox.login('ann', otherAppId)
  expect(await sandbox.session(code)).toMatchObject({ errcode: 40029 })
  expect(await sandbox.session(code, { appid: otherAppId })).toHaveProperty('openid')
})

test.each([
  [41002, { appid: '' }],
  [41004, { secret: '' }],
  [41008, { js_code: '' }],
  [40013, { appid: 'wx-not-an-appid' }],
  [40002, { grant_type: 'client_credential' }],
  [40029, { js_code: 'never issued' }],
])('answers %i to %o', async (errcode, query) => {
  const sandbox = await startSandbox()
  expect(await sandbox.session('x', query)).toMatchObject({ errcode })
})

test('the first server call fixes the secret of an app', async () => {
  const sandbox = await startSandbox()
  await sandbox.session(await sandbox.login('ann'))
  const code = await sandbox.login('ann')
  expect(await sandbox.session(code, { secret: 'another' })).toMatchObject({ errcode: 40125 })
  expect(await sandbox.session(code)).toHaveProperty('openid')
})

test('with configured apps only those and their secrets are accepted', async () => {
  const sandbox = await startSandbox({ apps: { [appId]: secret } })
  const code = await sandbox.login('ann')
  expect(await sandbox.session(code, { secret: 'wrong' })).toMatchObject({ errcode: 40125 })
  expect(await sandbox.session(code, { appid: otherAppId })).toMatchObject({ errcode: 40013 })
  expect(await sandbox.session(code)).toHaveProperty('openid')
  expect(await sandbox.post('/sandbox/login', { appId: otherAppId, user: 'ann' })).toEqual({
    message: 'appId: is not an app of this sandbox',
  })
})

test('a new login brings a new session key', async () => {
  const sandbox = await startSandbox()
  const first = await sandbox.session(await sandbox.login('ann'))
  const second = await sandbox.session(await sandbox.login('ann'))
  expect(second['openid']).toBe(first['openid'])
  expect(second['session_key']).not.toBe(first['session_key'])
})

test('identifiers stay the same after a restart', async () => {
  const [before, after] = [await startSandbox(), await startSandbox()]
  const first = await before.session(await before.login('ann'))
  const second = await after.session(await after.login('ann'))
  expect(second['openid']).toBe(first['openid'])
  expect(second['unionid']).toBe(first['unionid'])
})

test('an unknown path or method gets the error code of WeChat', async () => {
  const sandbox = await startSandbox()
  expect(await sandbox.get('/wxa/nothing')).toMatchObject({ errcode: 40066 })
  expect(await sandbox.post('/sns/jscode2session', {})).toMatchObject({ errcode: 43001 })
  expect(await sandbox.get('/cgi-bin/stable_token')).toMatchObject({ errcode: 43002 })
})
