import { expect, test } from 'vitest'
import { type Running, startSandbox } from '../sandbox-server.ts'

async function withFault(fault: object): Promise<Running> {
  const sandbox = await startSandbox()
  await sandbox.post('/sandbox/fault', fault)
  return sandbox
}

test.each([
  ['busy', -1],
  ['blocked', 40226],
  ['rateLimited', 45011],
])('%s answers %i and uses the code up', async (kind, errcode) => {
  const sandbox = await withFault({ kind, times: 1 })
  const code = await sandbox.login('ann')
  expect(await sandbox.session(code)).toMatchObject({ errcode })
  expect(await sandbox.session(code)).toMatchObject({ errcode: 40163 })
})

test('down closes the connection and leaves the code good', async () => {
  const sandbox = await withFault({ kind: 'down', times: 1 })
  const code = await sandbox.login('ann')
  await expect(sandbox.session(code)).rejects.toThrow('fetch failed')
  expect(await sandbox.session(code)).toHaveProperty('openid')
})

test('lost closes the connection after the code was used', async () => {
  const sandbox = await withFault({ kind: 'lost', times: 1 })
  const code = await sandbox.login('ann')
  await expect(sandbox.session(code)).rejects.toThrow('fetch failed')
  expect(await sandbox.session(code)).toMatchObject({ errcode: 40163 })
})

test('garbage is no JSON', async () => {
  const sandbox = await withFault({ kind: 'garbage' })
  await expect(sandbox.session(await sandbox.login('ann'))).rejects.toThrow('JSON')
})

test('slow answers after its delay', async () => {
  const sandbox = await withFault({ kind: 'slow', delayMs: 80 })
  const code = await sandbox.login('ann')
  const startedAt = performance.now()
  expect(await sandbox.session(code)).toHaveProperty('openid')
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(75)
})

test('a slow call whose caller has gone keeps nothing waiting', async () => {
  const sandbox = await withFault({ kind: 'slow', delayMs: 600_000 })
  const url = `${sandbox.url}/sns/jscode2session`
  await expect(fetch(url, { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout')
  // The log entry is written once the wait is over.
  await expect.poll(async () => (await sandbox.get('/sandbox/calls'))['calls']).toHaveLength(1)
})

test('a fault lasts as many calls as it was given', async () => {
  const sandbox = await withFault({ kind: 'busy', times: 2 })
  const errcodes = []
  for (let call = 0; call < 3; call += 1) {
    errcodes.push((await sandbox.session(await sandbox.login('ann'))).errcode)
  }
  expect(errcodes).toEqual([-1, -1, undefined])
  expect(await sandbox.get('/sandbox/fault')).toMatchObject({ kind: 'none' })
})

test('a fault without a number lasts until it is taken back', async () => {
  const sandbox = await withFault({ kind: 'busy' })
  for (let call = 0; call < 3; call += 1) {
    expect(await sandbox.session(await sandbox.login('ann'))).toMatchObject({ errcode: -1 })
  }
  await sandbox.post('/sandbox/fault', { kind: 'none' })
  expect(await sandbox.session(await sandbox.login('ann'))).toHaveProperty('openid')
})

test('what WeChat says about a person does not befall an access token', async () => {
  const sandbox = await withFault({ kind: 'blocked', times: 1 })
  expect(await sandbox.token()).toMatch(/^98_/)
  expect(await sandbox.session(await sandbox.login('ann'))).toMatchObject({ errcode: 40226 })
})

test('the door of the phone knows no faults', async () => {
  const sandbox = await withFault({ kind: 'down' })
  expect(await sandbox.login('ann')).toHaveLength(32)
})

test('an unknown fault is refused with the ones there are', async () => {
  const sandbox = await startSandbox()
  expect((await sandbox.post('/sandbox/fault', { kind: 'fire' })).message).toContain('busy')
  expect((await sandbox.post('/sandbox/fault', { kind: 'busy', times: 0 })).message).toMatch(
    /^times/,
  )
})
