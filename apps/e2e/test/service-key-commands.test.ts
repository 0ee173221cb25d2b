import { expect, it } from 'vitest'
import { openCommandFolder } from './command-folder.ts'

it('a key is created, rotated, listed and revoked by commands while the service runs', async () => {
  const { run: runAll, startService } = openCommandFolder()
  const url = await startService()
  const run = (...args: string[]) => runAll(args)
  const statusOf = async (key: string) => {
    const headers = { authorization: `Bearer ${key}` }
    const body = new URLSearchParams({ token: 'x' })
    return (await fetch(`${url}/v1/introspect`, { method: 'POST', headers, body })).status
  }
  const created = await run('service-key:create', '--name', 'pay', '--scopes', 'introspect')
  expect(created).toMatchObject({ code: 0, err: '' })
  expect(created.lastLine).toMatch(/^mk_[0-9A-Za-z]{38}$/)
  expect(await statusOf(created.lastLine)).toBe(200)
  const kept = await run('service-key:rotate', '--name', 'pay')
  for (const key of [created.lastLine, kept.lastLine]) expect(await statusOf(key)).toBe(200)
  expect((await run('service-key:list')).out).toContain('key before until')
  const last = await run('service-key:rotate', '--name', 'pay', '--overlap', '0')
  for (const key of [created.lastLine, kept.lastLine]) expect(await statusOf(key)).toBe(401)
  expect(await statusOf(last.lastLine)).toBe(200)
  const { out } = await run('service-key:list')
  expect(out).toMatch(/^pay {2}introspect {2}created \S+ {2}(never used|last used \S+)/)
  expect(out).not.toContain('key before')
  expect(out).not.toContain(last.lastLine.slice(3))
  expect(await run('service-key:revoke', '--name=pay')).toMatchObject({ code: 0, err: '' })
  expect(await statusOf(last.lastLine)).toBe(401)
  expect((await run('service-key:list')).out).toContain('revoked')
})

it('the list says whether the key before a rotation is still used', async () => {
  const { run, startService } = openCommandFolder()
  const url = await startService()
  const use = async (key: string) => {
    const headers = { authorization: `Bearer ${key}` }
    const body = new URLSearchParams({ token: 'x' })
    await fetch(`${url}/v1/introspect`, { method: 'POST', headers, body })
  }
  const list = async () => (await run(['service-key:list'])).out
  const before = await run(['service-key:create', '--name', 'pay', '--scopes', 'introspect'])
  const after = await run(['service-key:rotate', '--name', 'pay'])
  await use(after.lastLine)
  // No call waits for the note of its use.
  await expect.poll(list).toMatch(/ {2}last used \S+ {2}key before until \S+, never used\n$/)
  await use(before.lastLine)
  await expect.poll(list).toMatch(/ {2}key before until \S+, last used \S+\n$/)
})

it('a mistake is one line that says what to correct, and code 1', async () => {
  const { run, startService } = openCommandFolder()
  await startService()
  await run(['service-key:create', '--name', 'pay', '--scopes', 'introspect'])
  const mistakes: [message: string, ...args: string[]][] = [
    ['usage: service-key:create', 'service-key:create'],
    ['usage: service-key:create', 'service-key:create', '--name', 'a'],
    ['usage: service-key:create', 'service-key:create', '--name', 'a', '--scope', 'introspect'],
    ['no such scope: everything', 'service-key:create', '--name', 'a', '--scopes', 'everything'],
    ['a name has 1 to 64', 'service-key:create', '--name', 'a b', '--scopes', 'introspect'],
    ['has the name pay already', 'service-key:create', '--name', 'pay', '--scopes', 'introspect'],
    ['there is no service key x', 'service-key:rotate', '--name', 'x'],
    ['--overlap is a number of hours', 'service-key:rotate', '--name', 'pay', '--overlap', '721'],
    ['there is no service key x', 'service-key:revoke', '--name', 'x'],
    ['usage: service-key:list', 'service-key:list', 'all'],
  ]
  for (const [message, ...args] of mistakes) {
    const { code, out, err } = await run(args)
    expect([code, out]).toEqual([1, ''])
    expect(err.trimEnd().split('\n')).toHaveLength(1)
    expect(err).toContain(message)
  }
})
