import { expect, test } from 'vitest'
import { openidOf, phoneOf, unionidOf } from '../../src/server/index.ts'
import { appId, otherAppId, type RunningSandbox, startSandbox } from '../sandbox-server.ts'

async function numberOf(sandbox: RunningSandbox, user: string, app = appId) {
  const path = `/wxa/business/getuserphonenumber?access_token=${await sandbox.token()}`
  return (await sandbox.post(path, { code: await sandbox.phone(user, app) }))['phone_info']
}

test('the data of a user are computed from the name until they are changed', async () => {
  const sandbox = await startSandbox()
  expect(await sandbox.post('/sandbox/person', { user: ' ann ' })).toEqual({
    user: 'ann',
    phone: phoneOf('ann'),
    countryCode: '86',
    unionid: unionidOf('ann'),
    blocked: false,
  })
})

test('two users may have the same phone number', async () => {
  const sandbox = await startSandbox()
  await sandbox.post('/sandbox/person', { user: 'bob', phone: phoneOf('ann') })
  expect(await numberOf(sandbox, 'bob')).toMatchObject({ purePhoneNumber: phoneOf('ann') })
})

test('a foreign number has its country code, given as a string or as a number', async () => {
  const sandbox = await startSandbox()
  for (const countryCode of ['852', 852]) {
    await sandbox.post('/sandbox/person', { user: 'ann', phone: '51234567', countryCode })
    expect(await numberOf(sandbox, 'ann')).toMatchObject({
      phoneNumber: '+85251234567',
      purePhoneNumber: '51234567',
      countryCode,
    })
  }
})

test('a unionid may be absent at first and present later', async () => {
  const sandbox = await startSandbox()
  await sandbox.post('/sandbox/person', { user: 'ann', unionid: null })
  expect(await sandbox.session(await sandbox.login('ann'))).not.toHaveProperty('unionid')
  await sandbox.post('/sandbox/person', { user: 'ann', unionid: unionidOf('bob') })
  expect(await sandbox.session(await sandbox.login('ann'))).toMatchObject({
    unionid: unionidOf('bob'),
    openid: openidOf(appId, 'ann'),
  })
})

test('a blocked user is refused, and the others are not', async () => {
  const sandbox = await startSandbox()
  await sandbox.post('/sandbox/person', { user: 'ann', blocked: true })
  expect(await sandbox.session(await sandbox.login('ann'))).toMatchObject({ errcode: 40226 })
  expect(await sandbox.session(await sandbox.login('bob'))).toHaveProperty('openid')
  await sandbox.post('/sandbox/person', { user: 'ann', blocked: false })
  expect(await sandbox.session(await sandbox.login('ann'))).toHaveProperty('openid')
})

test('two apps may give the same openid, each with a session key of its own', async () => {
  const sandbox = await startSandbox()
  const openid = openidOf(appId, 'ann')
  const given = { appId: otherAppId, user: 'bob', openid }
  expect(await sandbox.post('/sandbox/openid', given)).toEqual({ openid })
  const ann = await sandbox.session(await sandbox.login('ann'))
  const code = await sandbox.login('bob', otherAppId)
  const bob = await sandbox.session(code, { appid: otherAppId })
  expect(bob['openid']).toBe(ann['openid'])
  expect(bob['session_key']).not.toBe(ann['session_key'])
  const here = await sandbox.session(await sandbox.login('bob'))
  expect(here['openid']).toBe(openidOf(appId, 'bob'))
  const who = { appId, user: 'ann' }
  expect(await sandbox.post('/sandbox/session', who)).toEqual({ valid: true })
})

test('an overridden openid can be reset', async () => {
  const sandbox = await startSandbox()
  await sandbox.post('/sandbox/openid', { appId, user: 'ann', openid: 'o-1' })
  expect(await sandbox.session(await sandbox.login('ann'))).toMatchObject({ openid: 'o-1' })
  const reply = await sandbox.post('/sandbox/openid', { appId, user: 'ann', openid: null })
  expect(reply).toEqual({ openid: openidOf(appId, 'ann') })
})

test.each([
  ['/sandbox/person', { user: 'ann', phone: '+86' }, 'phone: must be 4 to 15 digits'],
  ['/sandbox/person', { user: 'ann', phone: '123' }, 'phone: must be 4 to 15 digits'],
  ['/sandbox/person', { user: 'ann', phone: '1'.repeat(16) }, 'phone: must be 4 to 15 digits'],
  ['/sandbox/person', { user: 'ann', countryCode: '86000' }, 'countryCode: must be 1 to 4 digits'],
  ['/sandbox/person', { user: 'ann', unionid: '' }, 'unionid: must be 1 to 64'],
  ['/sandbox/person', { user: 'ann', countryCode: '86x' }, 'countryCode: must be 1 to 4 digits'],
  ['/sandbox/person', { user: 'ann', name: 'x' }, 'name'],
  ['/sandbox/person', { user: '' }, 'user: must not be empty'],
  ['/sandbox/openid', { appId, user: 'ann' }, 'openid'],
  ['/sandbox/openid', { appId: 'wx1', user: 'ann', openid: 'o' }, 'appId: must be'],
])('%s refuses %o', async (path, body, message) => {
  const sandbox = await startSandbox()
  expect((await sandbox.post(path, body)).message).toContain(message)
})
