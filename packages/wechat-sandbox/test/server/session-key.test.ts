import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { startSandbox } from '../sandbox-server.ts'

function signed(key: unknown): string {
  return createHmac('sha256', String(key)).update('').digest('hex')
}

async function signedIn() {
  const sandbox = await startSandbox()
  const { openid, session_key: key } = await sandbox.session(await sandbox.login('ann'))
  const token = await sandbox.token()
  const query = (signature: string) => ({
    access_token: token,
    openid: String(openid),
    signature,
    sig_method: 'hmac_sha256',
  })
  return { sandbox, key, query }
}

test('checksession accepts a signature under the current session key', async () => {
  const { sandbox, key, query } = await signedIn()
  const reply = await sandbox.get('/wxa/checksession', query(signed(key)))
  expect(reply).toEqual({ errcode: 0, errmsg: 'ok' })
})

test('a session key from before the latest login is refused', async () => {
  const { sandbox, key, query } = await signedIn()
  await sandbox.login('ann')
  const reply = await sandbox.get('/wxa/checksession', query(signed(key)))
  expect(reply).toMatchObject({ errcode: 87009 })
})

test('a reset returns a new session key and invalidates the old one', async () => {
  const { sandbox, key, query } = await signedIn()
  const reset = await sandbox.get('/wxa/resetusersessionkey', query(signed(key)))
  expect(reset).toMatchObject({ errcode: 0, openid: query('').openid })
  expect(reset['session_key']).not.toBe(key)
  const old = await sandbox.get('/wxa/checksession', query(signed(key)))
  expect(old).toMatchObject({ errcode: 87009 })
  const renewed = await sandbox.get('/wxa/checksession', query(signed(reset['session_key'])))
  expect(renewed).toMatchObject({ errcode: 0 })
})

test('/sandbox/session tells whether the session key is still valid', async () => {
  const { sandbox } = await signedIn()
  const who = { appId: 'wx6d69616e6d690001', user: 'ann' }
  expect(await sandbox.post('/sandbox/session', who)).toEqual({ valid: true })
  sandbox.pass(3 * 24 * 3600_000)
  expect(await sandbox.post('/sandbox/session', who)).toEqual({ valid: false })
})

test.each([
  ['another signature method', { sig_method: 'sha256' }, 87009],
  ['the signature of another key', { signature: signed('another key') }, 87009],
  ['no signature', { signature: '' }, 87009],
  ['no openid', { openid: '' }, 40003],
  ['the openid of another user', { openid: 'o-bob' }, 87009],
  ['no access token', { access_token: '' }, 41001],
])('both session key endpoints refuse %s', async (_, change, errcode) => {
  const { sandbox, key, query } = await signedIn()
  for (const path of ['/wxa/checksession', '/wxa/resetusersessionkey']) {
    expect(await sandbox.get(path, { ...query(signed(key)), ...change })).toMatchObject({ errcode })
  }
  const unchanged = await sandbox.get('/wxa/checksession', query(signed(key)))
  expect(unchanged).toEqual({ errcode: 0, errmsg: 'ok' })
})
