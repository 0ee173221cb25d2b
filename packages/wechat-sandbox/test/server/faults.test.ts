import { expect, test } from 'vitest'
import { appId, type RunningSandbox, secret, startSandbox } from '../sandbox-server.ts'

async function withFault(fault: object): Promise<RunningSandbox> {
  const sandbox = await startSandbox()
  await sandbox.post('/sandbox/fault', fault)
  return sandbox
}

test.each([
  ['busy', -1],
  ['blocked', 40226],
  ['rateLimited', 45011],
  ['quota', 45009],
])('%s replies %i and the code is used', async (kind, errcode) => {
  const sandbox = await withFault({ kind, times: 1 })
  const code = await sandbox.login('ann')
  expect(await sandbox.session(code)).toMatchObject({ errcode })
  expect(await sandbox.session(code)).toMatchObject({ errcode: 40163 })
})

test('down closes the connection and leaves the code unused', async () => {
  const sandbox = await withFault({ kind: 'down', times: 1 })
  const code = await sandbox.login('ann')
  await expect(sandbox.session(code)).rejects.toThrow('fetch failed')
  expect(await sandbox.session(code)).toHaveProperty('openid')
})

test('lost closes the connection after the code has been used', async () => {
  const sandbox = await withFault({ kind: 'lost', times: 1 })
  const code = await sandbox.login('ann')
  await expect(sandbox.session(code)).rejects.toThrow('fetch failed')
  expect(await sandbox.session(code)).toMatchObject({ errcode: 40163 })
})

test('garbage is not JSON', async () => {
  const sandbox = await withFault({ kind: 'garbage' })
  await expect(sandbox.session(await sandbox.login('ann'))).rejects.toThrow('JSON')
})

test('errcode replies before the code is redeemed', async () => {
  const sandbox = await withFault({ kind: 'errcode', errcode: 40164, times: 1 })
  const code = await sandbox.login('ann')
  expect(await sandbox.session(code)).toEqual({
    errcode: 40164,
    errmsg: expect.stringMatching(
      /^invalid ip 203\.0\.113\.7 ipv6 [:f.\d]+, not in whitelist, rid: /,
    ),
  })
  expect(await sandbox.session(code)).toHaveProperty('openid')
})

test.each([
  ['noOpenid', ['session_key', 'unionid']],
  ['noUnionid', ['openid', 'session_key']],
  ['errcodeZero', ['errcode', 'errmsg', 'openid', 'session_key', 'unionid']],
])('%s changes the reply to a login and nothing else', async (kind, fields) => {
  const sandbox = await withFault({ kind, times: 2 })
  expect(await sandbox.token()).toMatch(/^98_/)
  expect(await sandbox.session('never issued')).toMatchObject({ errcode: 40029 })
  const reply = await sandbox.session(await sandbox.login('ann'))
  expect(Object.keys(reply).toSorted()).toEqual(fields)
})

test('huge is a good reply of more than 5 MB', async () => {
  const sandbox = await withFault({ kind: 'huge', times: 1 })
  const reply = await sandbox.session(await sandbox.login('ann'))
  expect(reply).toHaveProperty('openid')
  expect(String(reply['padding']).length).toBeGreaterThanOrEqual(5 * 1024 * 1024)
})

test('cut ends in the middle of the body, after the code has been used', async () => {
  const sandbox = await withFault({ kind: 'cut', times: 1 })
  const code = await sandbox.login('ann')
  const search = { appid: appId, secret, js_code: code, grant_type: 'authorization_code' }
  const response = await fetch(`${sandbox.url}/sns/jscode2session?${new URLSearchParams(search)}`)
  expect(response.status).toBe(200)
  await expect(response.text()).rejects.toThrow('terminated')
  expect(await sandbox.session(code)).toMatchObject({ errcode: 40163 })
})

test('redirect leads to a path whose calls the log shows', async () => {
  const sandbox = await withFault({ kind: 'redirect', times: 1 })
  const url = `${sandbox.url}/sns/jscode2session`
  const response = await fetch(url, { redirect: 'manual' })
  expect(response.status).toBe(302)
  expect(response.headers.get('location')).toBe('/redirected')
  await sandbox.post('/sandbox/fault', { kind: 'redirect', times: 1 })
  await fetch(url)
  expect((await sandbox.get('/sandbox/calls'))['calls']).toMatchObject([
    { path: '/sns/jscode2session', fault: 'redirect', errcode: null },
    { path: '/sns/jscode2session', fault: 'redirect', errcode: null },
    { path: '/redirected', fault: null },
  ])
})

test('http500 replies with an HTML page and status 500', async () => {
  const sandbox = await withFault({ kind: 'http500' })
  const response = await fetch(`${sandbox.url}/sns/jscode2session`)
  expect(response.status).toBe(500)
  expect(await response.text()).toContain('<html>')
})

test('silent never replies', async () => {
  const sandbox = await withFault({ kind: 'silent' })
  const url = `${sandbox.url}/sns/jscode2session`
  await expect(fetch(url, { signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout')
})

test('a fault for one path takes precedence over the fault for all paths', async () => {
  const sandbox = await withFault({ kind: 'errcode', errcode: 42001 })
  const path = '/sns/jscode2session'
  await sandbox.post('/sandbox/fault', { kind: 'busy', path, times: 1 })
  expect(await sandbox.get('/sandbox/fault')).toMatchObject({
    kind: 'errcode',
    paths: [{ kind: 'busy', path, times: 1 }],
  })
  expect(await sandbox.get('/cgi-bin/token')).toMatchObject({ errcode: 42001 })
  expect(await sandbox.session(await sandbox.login('ann'))).toMatchObject({ errcode: -1 })
  expect(await sandbox.session(await sandbox.login('ann'))).toMatchObject({ errcode: 42001 })
})

test('removing the fault of one path keeps the others', async () => {
  const path = '/sns/jscode2session'
  const sandbox = await withFault({ kind: 'busy', path })
  await sandbox.post('/sandbox/fault', { kind: 'blocked' })
  await sandbox.post('/sandbox/fault', { kind: 'none', path })
  expect(await sandbox.get('/sandbox/fault')).toMatchObject({ kind: 'blocked', paths: [] })
  await sandbox.post('/sandbox/fault', { kind: 'busy', path })
  await sandbox.post('/sandbox/fault', { kind: 'none' })
  expect(await sandbox.get('/sandbox/fault')).toMatchObject({ kind: 'none', paths: [] })
})

test('phoneQuota fails the phone number button only', async () => {
  const sandbox = await withFault({ kind: 'phoneQuota', times: 1 })
  expect(await sandbox.session(await sandbox.login('ann'))).toHaveProperty('openid')
  const body = JSON.stringify({ appId, user: 'ann' })
  const response = await fetch(`${sandbox.url}/sandbox/phone`, { method: 'POST', body })
  expect(response.status).toBe(429)
  expect(await response.json()).toEqual({
    message: 'the quota of phone numbers is used up',
    errno: 1400001,
  })
  expect(await sandbox.phone('ann')).toHaveLength(32)
})

test('slow replies after its delay', async () => {
  const sandbox = await withFault({ kind: 'slow', delayMs: 80 })
  const code = await sandbox.login('ann')
  const startedAt = performance.now()
  expect(await sandbox.session(code)).toHaveProperty('openid')
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(75)
})

test('the delay of a slow call ends when the caller disconnects', async () => {
  const sandbox = await withFault({ kind: 'slow', delayMs: 600_000 })
  const url = `${sandbox.url}/sns/jscode2session`
  await expect(fetch(url, { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout')
  // The log entry is written once the wait is over; the caller got no reply.
  const calls = async () => (await sandbox.get('/sandbox/calls'))['calls']
  await expect.poll(calls).toMatchObject([{ fault: 'slow', errcode: null }])
})

test('a fault affects as many calls as `times` says', async () => {
  const sandbox = await withFault({ kind: 'busy', times: 2 })
  const errcodes = []
  for (let call = 0; call < 3; call += 1) {
    errcodes.push((await sandbox.session(await sandbox.login('ann'))).errcode)
  }
  expect(errcodes).toEqual([-1, -1, undefined])
  expect(await sandbox.get('/sandbox/fault')).toMatchObject({ kind: 'none' })
})

test('a fault without `times` lasts until it is removed', async () => {
  const sandbox = await withFault({ kind: 'busy' })
  for (let call = 0; call < 3; call += 1) {
    expect(await sandbox.session(await sandbox.login('ann'))).toMatchObject({ errcode: -1 })
  }
  await sandbox.post('/sandbox/fault', { kind: 'none' })
  expect(await sandbox.session(await sandbox.login('ann'))).toHaveProperty('openid')
})

test('the fault blocked does not affect calls for an access token', async () => {
  const sandbox = await withFault({ kind: 'blocked', times: 1 })
  expect(await sandbox.token()).toMatch(/^98_/)
  expect(await sandbox.session(await sandbox.login('ann'))).toMatchObject({ errcode: 40226 })
})

test('faults of the server API do not affect the control routes', async () => {
  const sandbox = await withFault({ kind: 'down' })
  expect(await sandbox.login('ann')).toHaveLength(32)
})

test('an unknown fault is refused and the message lists the known ones', async () => {
  const sandbox = await startSandbox()
  expect((await sandbox.post('/sandbox/fault', { kind: 'fire' })).message).toContain('busy')
  const path = '/sandbox/login'
  for (const [field, value] of Object.entries({ times: 0, path, errcode: '40029', delay: 1 })) {
    const { message } = await sandbox.post('/sandbox/fault', { kind: 'busy', [field]: value })
    expect(message).toContain(field)
  }
})

test.each([
  ['busy', 'used'],
  ['quota', 'used'],
  ['blocked', 'used'],
  ['rateLimited', 'used'],
  ['errcode', 'unused'],
  ['slow', 'used'],
  ['silent', 'used'],
  ['garbage', 'used'],
  ['huge', 'used'],
  ['http500', 'used'],
  ['redirect', 'unused'],
  ['down', 'unused'],
  ['cut', 'used'],
  ['lost', 'used'],
  ['noOpenid', 'used'],
  ['noUnionid', 'used'],
  ['errcodeZero', 'used'],
])('%s leaves a login code %s', async (kind, state) => {
  const sandbox = await withFault({ kind, times: 1, delayMs: 1 })
  const code = await sandbox.login('ann')
  const search = { appid: appId, secret, js_code: code, grant_type: 'authorization_code' }
  const url = `${sandbox.url}/sns/jscode2session?${new URLSearchParams(search)}`
  const signal = AbortSignal.timeout(kind === 'silent' ? 50 : 10_000)
  await fetch(url, { redirect: 'manual', signal })
    .then((response) => response.text())
    .catch(() => undefined)
  const reply = await sandbox.session(code)
  expect(reply.errcode).toBe(state === 'used' ? 40163 : undefined)
})
