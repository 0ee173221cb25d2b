import { expect, it } from 'vitest'
import { openCommandFolder, secretKey } from './command-folder.ts'

/** A service with its database, and commands that have its key. */
async function startService() {
  const { run, startService: start } = openCommandFolder()
  await start()
  return (args: readonly string[], settings: Record<string, string> = {}) =>
    run(args, { SECRET_KEY: secretKey, ...settings })
}

const url = 'https://receiver.example/hook'

it('a webhook is created, listed, given another secret and removed by commands', async () => {
  const run = await startService()
  expect((await run(['webhook:list'])).out).toBe('there is no webhook\n')
  const events = 'user.created,user.deleted'
  const created = await run(['webhook:create', '--url', url, '--events', events])
  expect(created).toMatchObject({ code: 0, err: '' })
  expect(created.lastLine).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  const { out } = await run(['webhook:list'])
  const [id = ''] = out.split('  ')
  expect(out).toMatch(
    /^webhook-\S+ {2}https:\S+ {2}user.created,user.deleted {2}created \S+ {2}none pending\n$/,
  )
  expect(out).not.toContain(created.lastLine.slice(6))
  const rotated = await run(['webhook:rotate', '--id', id])
  expect(rotated.lastLine).toMatch(/^whsec_/)
  expect(rotated.lastLine).not.toBe(created.lastLine)
  expect((await run(['webhook:list'])).out).toContain('secret before until')
  expect(await run(['webhook:remove', '--id', id])).toMatchObject({ code: 0, err: '' })
  expect((await run(['webhook:list'])).out).toBe('there is no webhook\n')
})

it('a mistake is one line that says what to correct, and code 1', async () => {
  const run = await startService()
  const create = (at: string, events = 'user.created') =>
    run(['webhook:create', '--url', at, '--events', events])
  const mistakes = [
    [await create(url, 'user.born'), /no such event: user.born; there are user.created, /],
    [await create('ftp://203.0.113.7/'), /an address begins with https/],
    [await create('https://ming:secret@203.0.113.7/'), /no user name, password or/],
    [await create('http://127.0.0.1:9000/'), /private network; list it in WEBHOOK_ALLOW/],
    [await run(['webhook:create', '--url', url]), /usage: webhook:create --url URL/],
    [await run(['webhook:rotate', '--id', 'x', '--overlap', '721']), /at most 720/],
    [await run(['webhook:rotate', '--id', 'x']), /there is no webhook x; see webhook:list/],
    [await run(['webhook:remove', '--id', 'x']), /there is no webhook x/],
    [await run(['webhook:remove', '--id=x', '--id=y']), /--id is given twice; usage: webhook:rem/],
    [await run(['export', '--to=x', '--to=y']), /usage: export/],
  ] as const
  for (const [result, message] of mistakes) {
    expect(result).toMatchObject({ code: 1, out: '' })
    expect(result.err).toMatch(message)
    expect(result.err.trimEnd().split('\n')).toHaveLength(1)
    expect(result.err).not.toContain('ming:secret')
  }
})

it('a private address that WEBHOOK_ALLOW lists is allowed, and a key that the service does not have is refused', async () => {
  const run = await startService()
  const args = ['webhook:create', '--url', 'http://127.0.0.1:9000/', '--events', 'user.created']
  const allowed = await run(args, { WEBHOOK_ALLOW: '127.0.0.0/8' })
  expect(allowed.lastLine).toMatch(/^whsec_/)
  expect(allowed.out).toContain('only where its own WEBHOOK_ALLOW lists it')
  const other = Buffer.alloc(32, 'secret key 2').toString('base64')
  const refused = await run(args, { WEBHOOK_ALLOW: '127.0.0.0/8', SECRET_KEY: other })
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect(refused.err).toContain('SECRET_KEY')
  expect((await run(['webhook:list'])).out.trimEnd().split('\n')).toHaveLength(1)
})
