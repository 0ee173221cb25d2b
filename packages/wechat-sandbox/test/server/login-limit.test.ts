import { expect, test } from 'vitest'
import { startSandbox } from '../sandbox-server.ts'

test('a user may exchange 100 codes a minute; the code over the limit stays unused', async () => {
  const sandbox = await startSandbox()
  for (let login = 0; login < 100; login += 1) {
    expect(await sandbox.session(await sandbox.login('ann'))).toHaveProperty('openid')
  }
  const code = await sandbox.login('ann')
  expect(await sandbox.session(code)).toMatchObject({ errcode: 45011 })
  expect(await sandbox.session(await sandbox.login('bob'))).toHaveProperty('openid')
  sandbox.pass(60_000)
  expect(await sandbox.session(code)).toHaveProperty('openid')
})

test('the login limit can be changed and removed', async () => {
  const sandbox = await startSandbox()
  expect(await sandbox.get('/sandbox/limits')).toEqual({ loginsPerMinute: 100 })
  await sandbox.post('/sandbox/limits', { loginsPerMinute: 1 })
  expect(await sandbox.session(await sandbox.login('ann'))).toHaveProperty('openid')
  const code = await sandbox.login('ann')
  expect(await sandbox.session(code)).toMatchObject({ errcode: 45011 })
  await sandbox.post('/sandbox/limits', { loginsPerMinute: null })
  expect(await sandbox.session(code)).toHaveProperty('openid')
  const bad = await sandbox.post('/sandbox/limits', { loginsPerMinute: -1 })
  expect(bad.message).toMatch(/^loginsPerMinute/)
})

test('an expired access token is refused until a new one is fetched', async () => {
  const sandbox = await startSandbox()
  const path = '/wxa/business/getuserphonenumber?access_token='
  const old = await sandbox.token()
  await fetch(`${sandbox.url}/sandbox/tokens`, { method: 'DELETE' })
  const code = await sandbox.phone('ann')
  expect(await sandbox.post(path + old, { code })).toMatchObject({ errcode: 42001 })
  expect(await sandbox.post(path + (await sandbox.token()), { code })).toMatchObject({ errcode: 0 })
})
