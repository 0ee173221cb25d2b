import { expect, test } from 'vitest'
import { openidOf, phoneOf } from '../../src/server/index.ts'
import { appId, otherAppId, startSandbox } from '../sandbox-server.ts'

const path = '/wxa/business/getuserphonenumber'

test('a phone code becomes the number of its person, with a watermark', async () => {
  const sandbox = await startSandbox()
  const code = await sandbox.phone('小明')
  const body = { code, openid: openidOf(appId, '小明') }
  const before = Math.floor(Date.now() / 1000)
  expect(await sandbox.post(`${path}?access_token=${await sandbox.token()}`, body)).toEqual({
    errcode: 0,
    errmsg: 'ok',
    phone_info: {
      phoneNumber: phoneOf('小明'),
      purePhoneNumber: phoneOf('小明'),
      countryCode: '86',
      watermark: { appid: appId, timestamp: expect.closeTo(before, -1) },
    },
  })
})

test('a phone code works once and for five minutes', async () => {
  const sandbox = await startSandbox()
  const url = `${path}?access_token=${await sandbox.token()}`
  const [used, old] = [await sandbox.phone('ann'), await sandbox.phone('ann')]
  expect(await sandbox.post(url, { code: used })).toMatchObject({ errcode: 0 })
  expect(await sandbox.post(url, { code: used })).toMatchObject({ errcode: 40029 })
  sandbox.pass(5 * 60_000)
  expect(await sandbox.post(url, { code: old })).toMatchObject({ errcode: 40029 })
})

test('the openid of another user is refused and leaves the code unused', async () => {
  const sandbox = await startSandbox()
  const url = `${path}?access_token=${await sandbox.token()}`
  const code = await sandbox.phone('ann')
  const stolen = { code, openid: openidOf(appId, 'bob') }
  expect(await sandbox.post(url, stolen)).toMatchObject({ errcode: 40003 })
  expect(await sandbox.post(url, { code })).toMatchObject({ errcode: 0 })
})

test('a phone code of another app, a login code and a missing code are refused', async () => {
  const sandbox = await startSandbox()
  const url = `${path}?access_token=${await sandbox.token()}`
  const foreign = await sandbox.phone('ann', otherAppId)
  expect(await sandbox.post(url, { code: foreign })).toMatchObject({ errcode: 40013 })
  const login = await sandbox.login('ann')
  expect(await sandbox.post(url, { code: login })).toMatchObject({ errcode: 40029 })
  expect(await sandbox.post(url, {})).toMatchObject({ errcode: 41008 })
  expect(await sandbox.post(url, 'not json')).toMatchObject({ errcode: 47001 })
})

test('the phone number endpoint needs an access token', async () => {
  const sandbox = await startSandbox()
  const code = await sandbox.phone('ann')
  expect(await sandbox.post(path, { code })).toMatchObject({ errcode: 41001 })
  expect(await sandbox.post(`${path}?access_token=x`, { code })).toMatchObject({ errcode: 40001 })
})

test('phoneOf returns a Chinese mobile number', () => {
  for (const user of ['a', 'b', '小明', '小红', 'someone with a long name']) {
    expect(phoneOf(user)).toMatch(/^1[3-9]\d{9}$/)
    expect(phoneOf(user)).toBe(phoneOf(user))
  }
})
