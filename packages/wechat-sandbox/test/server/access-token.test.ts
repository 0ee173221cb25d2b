import { expect, test } from 'vitest'
import { appId, secret, startSandbox } from '../sandbox-server.ts'

const input = { grant_type: 'client_credential', appid: appId, secret }

test('a stable token is returned again with its remaining lifetime', async () => {
  const sandbox = await startSandbox()
  const first = await sandbox.post('/cgi-bin/stable_token', input)
  expect(first).toEqual({ access_token: expect.any(String), expires_in: 7200 })
  sandbox.pass(3600_000)
  const second = await sandbox.post('/cgi-bin/stable_token', { ...input, force_refresh: false })
  expect(second['access_token']).toBe(first['access_token'])
  expect(second['expires_in']).toBeLessThanOrEqual(3600)
})

test('every call for a plain token returns a new token', async () => {
  const sandbox = await startSandbox()
  const first = await sandbox.get('/cgi-bin/token', input)
  const second = await sandbox.get('/cgi-bin/token', input)
  expect(second['access_token']).not.toBe(first['access_token'])
})

test.each([
  [40002, { grant_type: 'authorization_code' }],
  [41002, { appid: '' }],
  [41004, { secret: '' }],
  [40013, { appid: 'wx1' }],
])('both token calls reply %i to %o', async (errcode, change) => {
  const sandbox = await startSandbox()
  const bad = { ...input, ...change }
  expect(await sandbox.get('/cgi-bin/token', bad)).toMatchObject({ errcode })
  expect(await sandbox.post('/cgi-bin/stable_token', bad)).toMatchObject({ errcode })
})

test('both token calls refuse a wrong secret', async () => {
  const sandbox = await startSandbox({ apps: { [appId]: secret } })
  const bad = { ...input, secret: 'wrong' }
  expect(await sandbox.get('/cgi-bin/token', bad)).toMatchObject({ errcode: 40125 })
  expect(await sandbox.post('/cgi-bin/stable_token', bad)).toMatchObject({ errcode: 40125 })
})
