import { expect, test } from 'vitest'
import { type RequestHandler, reply } from './fake-wechat.ts'
import { appId, openClientAndServer, rejectionOf, secret } from './test-client.ts'

const now = 1_790_000_000_000

function phoneInfo(change: Record<string, unknown> = {}) {
  return {
    phoneNumber: '13800138000',
    purePhoneNumber: '13800138000',
    countryCode: '86',
    watermark: { timestamp: now / 1000, appid: appId },
    ...change,
  }
}

/** Answers with one token, and every phone code with `info`. */
function playing(info: unknown): RequestHandler {
  return ({ path }, response) => {
    if (path === '/cgi-bin/stable_token') reply(response, { access_token: 't1', expires_in: 7200 })
    else reply(response, { errcode: 0, errmsg: 'ok', phone_info: info })
  }
}

test('getPhoneNumber sends the access token, the code and the openid', async () => {
  const { wechat, server } = await openClientAndServer(playing(phoneInfo()), { now: () => now })
  const number = await wechat.getPhoneNumber(appId, { code: 'p1', openid: 'o1' })
  expect(number).toEqual({
    phoneNumber: '13800138000',
    purePhoneNumber: '13800138000',
    countryCode: '86',
  })
  const [forToken, forPhone] = server.requests
  expect(forToken).toMatchObject({ method: 'POST', path: '/cgi-bin/stable_token', query: {} })
  expect(JSON.parse(forToken?.body ?? '')).toEqual({
    grant_type: 'client_credential',
    appid: appId,
    secret,
    force_refresh: false,
  })
  expect(forPhone).toMatchObject({
    method: 'POST',
    path: '/wxa/business/getuserphonenumber',
    query: { access_token: 't1' },
    headers: { 'content-type': 'application/json' },
  })
  expect(JSON.parse(forPhone?.body ?? '')).toEqual({ code: 'p1', openid: 'o1' })
})

test('a numeric country code becomes a string', async () => {
  const { wechat } = await openClientAndServer(playing(phoneInfo({ countryCode: 852 })), {
    now: () => now,
  })
  const number = await wechat.getPhoneNumber(appId, { code: 'p1', openid: 'o1' })
  expect(number.countryCode).toBe('852')
})

test.each(['+86', '0086', ' 86', '86 ', '+ 86', '(+86)', '８６', 86, '086'])(
  'the country code %j is 86',
  async (countryCode) => {
    const { wechat } = await openClientAndServer(playing(phoneInfo({ countryCode })), {
      now: () => now,
    })
    const number = await wechat.getPhoneNumber(appId, { code: 'p1', openid: 'o1' })
    expect(number.countryCode).toBe('86')
  },
)

test.each(['138 0013 8000', '138-0013-8000', '１３８００１３８０００'])(
  'the number %j has its digits alone',
  async (purePhoneNumber) => {
    const { wechat } = await openClientAndServer(playing(phoneInfo({ purePhoneNumber })), {
      now: () => now,
    })
    const number = await wechat.getPhoneNumber(appId, { code: 'p1', openid: 'o1' })
    expect(number.purePhoneNumber).toBe('13800138000')
  },
)

test.each([
  ['6 minutes behind', now / 1000 - 360],
  ['6 minutes ahead', now / 1000 + 360],
])('a watermark %s the clock is accepted', async (_name, timestamp) => {
  const info = phoneInfo({ watermark: { timestamp, appid: appId } })
  const { wechat } = await openClientAndServer(playing(info), { now: () => now })
  const number = await wechat.getPhoneNumber(appId, { code: 'p1', openid: 'o1' })
  expect(number.phoneNumber).toBe('13800138000')
})

test.each([
  ['a watermark of another app', { watermark: { timestamp: now / 1000, appid: 'wxother' } }],
  ['a watermark too old', { watermark: { timestamp: now / 1000 - 361, appid: appId } }],
  ['a watermark too far ahead', { watermark: { timestamp: now / 1000 + 361, appid: appId } }],
  ['no watermark', { watermark: undefined }],
  ['an empty phoneNumber', { phoneNumber: '' }],
  ['an empty purePhoneNumber', { purePhoneNumber: '' }],
  ['a number of 33 characters', { phoneNumber: '1'.repeat(33) }],
  ['an empty country code', { countryCode: '' }],
  ['a country code of 5 digits', { countryCode: '12345' }],
  ['a country code of zeros', { countryCode: '00' }],
  ['a country code of letters', { countryCode: 'CN' }],
  ['a number with letters', { purePhoneNumber: '1380013800a' }],
  ['a negative country code', { countryCode: -86 }],
  ['a number that is a number', { phoneNumber: 13800138000 }],
  ['a country code that is a list', { countryCode: [86] }],
])('a reply with %s is unavailable', async (_name, change) => {
  const { wechat } = await openClientAndServer(playing(phoneInfo(change)), { now: () => now })
  const error = await rejectionOf(wechat.getPhoneNumber(appId, { code: 'p1', openid: 'o1' }))
  expect(error).toMatchObject({ kind: 'unavailable', errcode: null })
})

test("a refused phone code rejects with WeChat's errcode and is not repeated", async () => {
  const { wechat, server } = await openClientAndServer(playing(null))
  server.handler = ({ path }, response) => {
    if (path === '/cgi-bin/stable_token') reply(response, { access_token: 't1', expires_in: 7200 })
    else reply(response, { errcode: 40029, errmsg: 'invalid code' })
  }
  const error = await rejectionOf(wechat.getPhoneNumber(appId, { code: 'p1', openid: 'o1' }))
  expect(error).toMatchObject({ kind: 'code_rejected', errcode: 40029 })
  expect(server.requests).toHaveLength(2)
})

test.each([
  ['about 600 s ahead of WeChat', -600],
  ['about 4000 s behind WeChat', 4_000],
])('a watermark out of time says by how much the clock is off: %s', async (text, seconds) => {
  const info = phoneInfo({ watermark: { timestamp: now / 1000 + seconds, appid: appId } })
  const { wechat } = await openClientAndServer(playing(info), { now: () => now })
  const error = await rejectionOf(wechat.getPhoneNumber(appId, { code: 'c', openid: 'o1' }))
  expect(error).toMatchObject({ kind: 'unavailable' })
  expect(error.message).toContain(text)
})
