import { expect, test } from 'vitest'
import { call, failure, mutation, query, result, undelivered } from '../../../test/call-records.ts'
import { toLogEntry, wechatCallToLogEntry } from './log-entry.ts'

test('a tRPC call shows its procedure, status and duration', () => {
  const entry = toLogEntry(mutation('miniLogin', { code: 'c' }, result({ status: 'unbound' })))
  expect(entry).toMatchObject({
    kind: 'service',
    api: 'request',
    procedures: ['miniLogin'],
    title: 'miniLogin',
    detail: 'mutation',
    ok: true,
    outcome: '200',
    duration: 40,
  })
})

test('an error shows the status and the reason', () => {
  const reply = failure('credential_rejected', 'UNAUTHORIZED')
  expect(toLogEntry(mutation('bind', {}, reply, 401))).toMatchObject({
    ok: false,
    outcome: '401 credential_rejected',
  })
})

test('a batch with one error counts as failed and shows every procedure', () => {
  const replies = [result(1), failure('forbidden', 'FORBIDDEN')]
  expect(toLogEntry(query('me,session.list', replies, '?batch=1'))).toMatchObject({
    title: 'me + session.list',
    ok: false,
    outcome: '200 forbidden',
  })
})

test('a failed request shows the message of wx', () => {
  const entry = toLogEntry(undelivered('me', 'request:fail timeout'))
  expect(entry).toMatchObject({ ok: false, outcome: 'fail timeout' })
})

test('an entry contains no secrets', () => {
  const tokens = { accessToken: 'eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl', refreshToken: '01a203ffeedd' }
  const input = { proof: { ticket: 'ticket-000111' }, credential: { password: 'hunter2hunter2' } }
  const records = [
    mutation('bind', input, result({ tokens })),
    query('me', result(1), `?input=${encodeURIComponent('{"code":"code-000111222"}')}`),
    call('setStorage', { input: { key: 'wx-session', data: { tokens } } }),
    call('login', { output: { code: 'code-000111222' } }),
    undelivered('me?input=%22code-000111222%22', 'request:fail'),
  ]
  const shown = JSON.stringify(records.map(toLogEntry))
  for (const secret of ['hunter2', 'ticket-000111', 'code-000111222', 'c2lnbmF0', 'ffeedd']) {
    expect(shown).not.toContain(secret)
  }
})

test('login is a call to WeChat, storage stays on the phone', () => {
  expect(toLogEntry(call('login'))).toMatchObject({ kind: 'wechat', title: 'wx.login' })
  expect(toLogEntry(call('getStorage', { input: { key: 'wx-session' } }))).toMatchObject({
    kind: 'phone',
    title: 'wx.getStorage',
    detail: 'wx-session',
  })
})

test("calls of the service have the names of WeChat's documentation", () => {
  const wechatCall = { seq: 1, at: '2026-01-01T00:00:00.000Z', durationMs: 3, method: 'GET' }
  const path = '/sns/jscode2session'
  expect(wechatCallToLogEntry({ ...wechatCall, path, errcode: 40029 })).toMatchObject({
    kind: 'wechat',
    api: 'code2Session',
    ok: false,
    outcome: 'errcode 40029',
    startedAt: Date.UTC(2026, 0, 1),
  })
  expect(wechatCallToLogEntry({ ...wechatCall, path, errcode: null })).toMatchObject({
    ok: false,
    outcome: { key: 'log.noReply' },
  })
})

test.each([
  ['/sns/jscode2session', 'code2Session'],
  ['/cgi-bin/stable_token', 'getStableAccessToken'],
  ['/cgi-bin/token', 'getAccessToken'],
  ['/wxa/business/getuserphonenumber', 'getPhoneNumber'],
  ['/wxa/checksession', 'checkSessionKey'],
  ['/wxa/resetusersessionkey', 'ResetUserSessionKey'],
  ['/other', '/other'],
])('the path %s is shown as %s', (path, title) => {
  const at = '2026-01-01T00:00:00.000Z'
  const entry = wechatCallToLogEntry({ seq: 1, at, durationMs: 3, method: 'GET', path, errcode: 0 })
  expect(entry).toMatchObject({ title, api: title, detail: path, ok: true, duration: 3 })
})

test.each([
  [200, true],
  [399, true],
  [400, false],
  [503, false],
])('a reply with the status %i is a success: %s', (status, ok) => {
  expect(toLogEntry(mutation('me', {}, result(1), status))).toMatchObject({
    ok,
    outcome: String(status),
  })
})

test('a clock that went back does not show a negative duration', () => {
  expect(toLogEntry(call('login', { startedAt: 1040, endedAt: 1000 })).duration).toBe(0)
})

test.each([
  ['scopeDialog', 'scopeDialog'],
  ['privacyConsent', 'privacyConsent'],
  ['agreePrivacyAuthorization', 'agreePrivacyAuthorization'],
  ['authorize', 'wx.authorize'],
  ['openSetting', 'wx.openSetting'],
  ['getLocation', 'wx.getLocation'],
  ['requirePrivacyAuthorize', 'wx.requirePrivacyAuthorize'],
  ['openPrivacyContract', 'wx.openPrivacyContract'],
  ['button.chooseAvatar', 'button.chooseAvatar'],
])('%s is a question to the user and shown as %s', (api, title) => {
  expect(toLogEntry(call(api))).toMatchObject({ kind: 'person', title })
})

test('a request that is not tRPC shows its URL without the query', () => {
  const input = { url: 'http://127.0.0.1:3000/avatars/a?code=secret-code' }
  const entry = toLogEntry(call('request', { input, output: { statusCode: 304 } }))
  expect(entry).toMatchObject({
    kind: 'service',
    detail: 'http://127.0.0.1:3000/avatars/a',
    outcome: '304',
  })
})
