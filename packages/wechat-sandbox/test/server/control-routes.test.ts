import { expect, test } from 'vitest'
import type { LoggedCall } from '../../src/server/index.ts'
import { appId, secret, startSandbox } from '../sandbox-server.ts'

test.each([
  [{ user: 'ann' }, 'appId: must be an appid'],
  [{ appId: 'wx1', user: 'ann' }, 'appId: must be "wx" and 16 hexadecimal digits'],
  [{ appId }, 'user: must be a name'],
  [{ appId, user: ' ' }, 'user: must not be empty'],
  [{ appId, user: '长'.repeat(65) }, 'user: must not be longer than 64 characters'],
  ['{', 'the body must be JSON'],
])('%o is refused with a message that names the field', async (body, message) => {
  const sandbox = await startSandbox()
  const response = await fetch(`${sandbox.url}/sandbox/login`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({ message })
})

test('surrounding spaces and the Unicode form of a name do not matter', async () => {
  const sandbox = await startSandbox()
  const openids = []
  for (const user of ['zoé', ' zoé ', 'zoe\u0301']) {
    openids.push((await sandbox.session(await sandbox.login(user)))['openid'])
  }
  expect(new Set(openids).size).toBe(1)
})

test('pages of any origin may call the control routes, but not the server API', async () => {
  const { url } = await startSandbox()
  const preflight = await fetch(`${url}/sandbox/login`, { method: 'OPTIONS' })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
  expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type')
  expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST, DELETE')
  const refused = await fetch(`${url}/sandbox/login`, { method: 'POST', body: '{' })
  expect(refused.headers.get('access-control-allow-origin')).toBe('*')
  const upstream = await fetch(`${url}/sns/jscode2session`)
  expect(upstream.headers.get('access-control-allow-origin')).toBe(null)
})

test('the call log shows the calls of the service without secrets', async () => {
  const sandbox = await startSandbox()
  const code = await sandbox.login('ann')
  const reply = await sandbox.session(code)
  await sandbox.session(code)
  const log = await sandbox.get('/sandbox/calls')
  const calls = log['calls'] as LoggedCall[]
  expect(calls).toMatchObject([
    { seq: 1, path: '/sns/jscode2session', appId, errcode: 0, fault: null },
    { seq: 2, errcode: 40163, code: `${code.slice(0, 6)}…` },
  ])
  const text = JSON.stringify(log)
  for (const hidden of [secret, code, String(reply['session_key'])]) {
    expect(text).not.toContain(hidden)
  }
  expect((await sandbox.get('/sandbox/calls', { since: '1' }))['calls']).toHaveLength(1)
})

test('an unknown control route is a 404 with a message', async () => {
  const { url } = await startSandbox()
  const response = await fetch(`${url}/sandbox/nothing`)
  expect(response.status).toBe(404)
  expect(await response.json()).toEqual({ message: 'no GET /sandbox/nothing here' })
})

test('a name of 64 characters is accepted, also of characters outside the BMP', async () => {
  const sandbox = await startSandbox()
  expect(await sandbox.login('长'.repeat(64))).toHaveLength(32)
  expect(await sandbox.login('😀'.repeat(64))).toHaveLength(32)
})

test('a body of more than 64 KiB is refused', async () => {
  const { url } = await startSandbox()
  const send = (path: string, bytes: number) =>
    fetch(url + path, { method: 'POST', body: `{"user":"ann"${' '.repeat(bytes - 14)}}` })
  expect((await send('/sandbox/person', 64 * 1024)).status).toBe(200)
  expect((await send('/sandbox/person', 64 * 1024 + 1)).status).toBe(413)
  expect(await (await send('/cgi-bin/stable_token', 64 * 1024 + 1)).json()).toMatchObject({
    errcode: -1,
  })
})

test('a control route ignores the content type of the body', async () => {
  const { url } = await startSandbox()
  const response = await fetch(`${url}/sandbox/person`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: '{"user":"ann"}',
  })
  expect(await response.json()).toMatchObject({ user: 'ann' })
})
