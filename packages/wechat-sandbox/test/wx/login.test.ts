import { expect, test, vi } from 'vitest'
import { openidOf } from '../../src/server/index.ts'
import {
  type ApiFailure,
  type CallRecord,
  createSandboxClient,
  createWx,
  type Wx,
} from '../../src/wx/index.ts'
import { serve } from '../echo-server.ts'
import { appId, startSandbox } from '../sandbox-server.ts'

function login(wx: Wx, timeout?: number): Promise<{ code: string; errMsg: string }> {
  return new Promise((success, fail) => wx.login({ timeout, success, fail }))
}

test('login returns a code for the user who holds the phone', async () => {
  const sandbox = await startSandbox()
  let user = '小明'
  const wx = createWx({ appId, user: () => user, sandboxUrl: `${sandbox.url}/` })
  const first = await login(wx)
  expect(first).toEqual({ code: expect.any(String), errMsg: 'login:ok' })
  user = '小红'
  const second = await login(wx)
  expect((await sandbox.session(first.code))['openid']).toBe(openidOf(appId, '小明'))
  expect((await sandbox.session(second.code))['openid']).toBe(openidOf(appId, '小红'))
})

test('login returns undefined, as on the phone, and needs no callback', async () => {
  const { url } = await startSandbox()
  const done = vi.fn<(record: CallRecord) => void>()
  const wx = createWx({ appId, user: 'ann', sandboxUrl: url, onCall: done })
  expect(wx.login()).toBe(undefined)
  await expect.poll(() => done.mock.calls.length).toBe(1)
})

test('login fails when the sandbox is down, and with its message for bad input', async () => {
  const gone = await serve((request) => request.socket.destroy())
  const down = createWx({ appId, user: 'ann', sandboxUrl: gone })
  await expect(login(down)).rejects.toEqual({
    errMsg: `login:fail the sandbox at ${gone} does not answer`,
    errno: 600001,
  })
  const { url } = await startSandbox()
  const unnamed = createWx({ appId, user: '', sandboxUrl: url })
  await expect(login(unnamed)).rejects.toEqual({ errMsg: 'login:fail user: must not be empty' })
})

test('fails after its timeout', async () => {
  const silent = await serve(() => {})
  const wx = createWx({ appId, user: 'ann', sandboxUrl: silent })
  await expect(login(wx, 30)).rejects.toEqual({ errMsg: 'login:fail timeout', errno: 5 })
})

test('checkSession succeeds only after a login', async () => {
  const { url } = await startSandbox()
  const wx = createWx({ appId, user: 'ann', sandboxUrl: url })
  await expect(wx.checkSession()).rejects.toEqual({ errMsg: 'checkSession:fail session time out' })
  await login(wx)
  expect(await wx.checkSession()).toEqual({ errMsg: 'checkSession:ok' })
})

test('the sandbox redeems the code of the phone number button', async () => {
  const sandbox = await startSandbox()
  const client = createSandboxClient({ url: sandbox.url })
  const code = await client.phone({ appId, user: 'ann' })
  const path = `/wxa/business/getuserphonenumber?access_token=${await sandbox.token()}`
  expect(await sandbox.post(path, { code })).toMatchObject({ errcode: 0 })
})

test('onCall gets every finished call with input and output', async () => {
  const { url } = await startSandbox()
  const records: CallRecord[] = []
  const wx = createWx({
    appId,
    user: 'ann',
    sandboxUrl: url,
    onCall: (record) => void records.push(record),
  })
  const { code } = await login(wx, 5000)
  await wx.setStorage({ key: 'k', data: 1 })
  const failure = await new Promise<ApiFailure>((fail) => wx.request({ url: 'nowhere', fail }))
  await wx.showToast({ title: 'hello' })
  expect(records).toMatchObject([
    { api: 'login', input: { timeout: 5000 }, ok: true, output: { code, errMsg: 'login:ok' } },
    { api: 'setStorage', input: { key: 'k', data: 1 }, ok: true },
    { api: 'request', input: { url: 'nowhere' }, ok: false, output: failure },
    { api: 'showToast', ok: true },
  ])
  for (const { startedAt, endedAt } of records) expect(endedAt).toBeGreaterThanOrEqual(startedAt)
})

test('getPhoneNumber returns a code, or the reason of the failure', async () => {
  const sandbox = await startSandbox()
  const client = createSandboxClient({ url: sandbox.url })
  const who = { appId, user: 'ann' }
  expect(await client.getPhoneNumber(who)).toEqual({
    code: expect.stringMatching(/^[\w-]{32}$/),
    errMsg: 'getPhoneNumber:ok',
  })
  await sandbox.post('/sandbox/fault', { kind: 'phoneQuota' })
  expect(await client.getPhoneNumber(who)).toEqual({
    errMsg: 'getPhoneNumber:fail the quota of phone numbers is used up',
    errno: 1400001,
  })
  await expect(client.phone(who)).rejects.toThrow('quota')
})
