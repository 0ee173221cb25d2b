import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MiniApp } from 'node-easywechat'
import { expect, onTestFinished, test } from 'vitest'
import { openidOf, phoneOf, unionidOf } from '../../src/server/index.ts'
import { appId, type RunningSandbox, secret, startSandbox } from '../sandbox-server.ts'

/** The SDK configured as in its README, except for the base address. */
async function openPair(options: { use_stable_access_token?: boolean } = {}) {
  const sandbox = await startSandbox({ apps: { [appId]: secret } })
  const path = mkdtempSync(join(tmpdir(), 'easywechat-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  const sdk = new MiniApp({
    app_id: appId,
    secret,
    http: { baseURL: sandbox.url },
    file_cache: { path, dirMode: 0o700, fileMode: 0o600, ext: '.cache' },
    ...options,
  })
  return { sandbox, sdk }
}

async function paths(sandbox: RunningSandbox): Promise<unknown[]> {
  const { calls } = await sandbox.get('/sandbox/calls')
  return (calls as { path: string }[]).map(({ path }) => path)
}

test('the SDK exchanges a login code', async () => {
  const { sandbox, sdk } = await openPair()
  const session = await sdk.getUtils().codeToSession(await sandbox.login('小明'))
  expect(session).toEqual({
    openid: openidOf(appId, '小明'),
    unionid: unionidOf('小明'),
    session_key: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
  })
})

test('the SDK reports a used code', async () => {
  const { sandbox, sdk } = await openPair()
  const code = await sandbox.login('ann')
  await sdk.getUtils().codeToSession(code)
  await expect(sdk.getUtils().codeToSession(code)).rejects.toThrow('40163')
})

test.each([
  [true, '/cgi-bin/stable_token'],
  [false, '/cgi-bin/token'],
])('the SDK fetches an access token and caches it (stable: %s)', async (isStable, path) => {
  const { sandbox, sdk } = await openPair({ use_stable_access_token: isStable })
  const token = await sdk.getAccessToken().getToken()
  expect(await sdk.getAccessToken().getToken()).toBe(token)
  expect(await paths(sandbox)).toEqual([path])
})

test('the SDK exchanges a phone code', async () => {
  const { sandbox, sdk } = await openPair({ use_stable_access_token: true })
  const response = await sdk.getClient().post('/wxa/business/getuserphonenumber', {
    data: { code: await sandbox.phone('ann'), openid: openidOf(appId, 'ann') },
  })
  expect(response.toObject()).toMatchObject({
    errcode: 0,
    phone_info: { purePhoneNumber: phoneOf('ann'), watermark: { appid: appId } },
  })
})

test('the SDK decrypts what the sandbox encrypts', async () => {
  const { sandbox, sdk } = await openPair()
  const { session_key } = await sdk.getUtils().codeToSession(await sandbox.login('ann'))
  const data = { nickName: '小明' }
  const message = await sandbox.post('/sandbox/encrypt', { appId, user: 'ann', data })
  const [iv, encrypted] = [String(message['iv']), String(message['encryptedData'])]
  const decrypted = sdk.getUtils().decryptSession(session_key, iv, encrypted)
  expect(decrypted).toMatchObject({ ...data, watermark: { appid: appId } })
})
