import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Wechat } from '../src/index.ts'
import { appId, failure, openPair } from './client.ts'
import { type Play, reply } from './stand-in.ts'

const key = { openid: 'o1', sessionKey: 'tiihtNczf5v6AKRyjwEUhQ==' }
const fresh = { errcode: 0, errmsg: 'ok', openid: 'o1', session_key: 'new-key' }

/** Hands out t1, t2, … and answers everything else with `value`. */
function playing(value: unknown): Play {
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

test.each(calls)('%s shows that it holds the key without sending it', async (_name, path, call) => {
  const { wechat, standIn } = await openPair(playing(fresh))
  await call(wechat)
  const [, asked] = standIn.asked
  expect(asked).toMatchObject({ method: 'GET', path, body: '' })
  expect(asked?.query).toEqual({
    access_token: 't1',
    openid: 'o1',
    signature: createHmac('sha256', key.sessionKey).update('').digest('hex'),
    sig_method: 'hmac_sha256',
  })
  expect(JSON.stringify(standIn.asked)).not.toContain(key.sessionKey)
})

test.each(calls)('%s renews a refused token once and asks once more', async (_name, path, call) => {
  const { wechat, standIn } = await openPair(playing(fresh))
  const accepting = standIn.play
  standIn.play = (asked, response) =>
    asked.query['access_token'] === 't1'
      ? reply(response, { errcode: 40001 })
      : accepting(asked, response)
  await call(wechat)
  expect(standIn.asked.map((asked) => asked.query['access_token'] ?? asked.path)).toEqual([
    '/cgi-bin/stable_token',
    't1',
    '/cgi-bin/stable_token',
    't2',
  ])
  standIn.play = (asked, response) =>
    asked.path === path ? reply(response, { errcode: 42001 }) : accepting(asked, response)
  expect(await failure(call(wechat))).toMatchObject({ kind: 'token_expired', errcode: 42001 })
})

test.each(calls)('%s tells other refusals as they are', async (_name, _path, call) => {
  const { wechat } = await openPair(playing({ errcode: 40003, errmsg: 'invalid openid' }))
  expect(await failure(call(wechat))).toMatchObject({ kind: 'rejected', errcode: 40003 })
})

test('an app that is not configured is never asked about', async () => {
  const { wechat, standIn } = await openPair(playing(fresh))
  const both = [wechat.checkSessionKey('wx0', key), wechat.resetUserSessionKey('wx0', key)]
  for (const call of both) expect(await failure(call)).toMatchObject({ kind: 'app_unknown' })
  expect(standIn.asked).toEqual([])
})

test('a valid key is told from a stale one', async () => {
  const valid = await openPair(playing({ errcode: 0, errmsg: 'ok' }))
  expect(await valid.wechat.checkSessionKey(appId, key)).toBe(true)
  const stale = await openPair(playing({ errcode: 87009, errmsg: 'invalid signature' }))
  expect(await stale.wechat.checkSessionKey(appId, key)).toBe(false)
})

test('a reply that does not say so makes no key valid', async () => {
  const { wechat } = await openPair(playing({ errmsg: 'ok' }))
  expect(await failure(wechat.checkSessionKey(appId, key))).toMatchObject({ kind: 'unavailable' })
})

test('a reset gives the new key', async () => {
  const { wechat } = await openPair(playing(fresh))
  expect(await wechat.resetUserSessionKey(appId, key)).toEqual({
    openid: 'o1',
    sessionKey: 'new-key',
  })
})

test('a stale key cannot be reset', async () => {
  const { wechat } = await openPair(playing({ errcode: 87009, errmsg: 'invalid signature' }))
  const error = await failure(wechat.resetUserSessionKey(appId, key))
  expect(error).toMatchObject({ kind: 'data_rejected', errcode: 87009 })
})

test.each([
  ['of another user', { ...fresh, openid: 'o2' }],
  ['without a key', { ...fresh, session_key: undefined }],
  ['with an empty key', { ...fresh, session_key: '' }],
])('a reset with a reply %s makes no sense', async (_name, value) => {
  const { wechat } = await openPair(playing(value))
  const error = await failure(wechat.resetUserSessionKey(appId, key))
  expect(error).toMatchObject({ kind: 'unavailable' })
})
