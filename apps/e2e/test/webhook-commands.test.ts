import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import { start } from './start-process.ts'

const program = fileURLToPath(new URL('../../api/dist/admin.js', import.meta.url))
const secretKey = Buffer.alloc(32, 'secret key 1').toString('base64')

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mianmi-webhooks-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs the built command. */
async function run(args: readonly string[], settings: Record<string, string> = {}) {
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: 'file:test.db',
    SECRET_KEY: secretKey,
    ...settings,
  }
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env })
  const streams = [text(child.stdout), text(child.stderr)]
  const [code] = await once(child, 'close')
  const [out = '', err = ''] = await Promise.all(streams)
  return { out, err, code, lastLine: out.trimEnd().split('\n').at(-1) ?? '' }
}

async function startService(): Promise<void> {
  const service = start('service', {
    cwd: folder,
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      DATABASE_URL: 'file:test.db',
      WECHAT_APPS: 'wx0000000000000001:the-app-secret',
      SECRET_KEY: secretKey,
    },
  })
  onTestFinished(async () => void (await service.stop()))
  await service.listening
}

const url = 'https://receiver.example/hook'

it('a webhook is created, listed, given another secret and removed by commands', async () => {
  await startService()
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
  await startService()
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
  ] as const
  for (const [result, message] of mistakes) {
    expect(result).toMatchObject({ code: 1, out: '' })
    expect(result.err).toMatch(message)
    expect(result.err.trimEnd().split('\n')).toHaveLength(1)
    expect(result.err).not.toContain('ming:secret')
  }
})

it('a private address that WEBHOOK_ALLOW lists is allowed, and a key that the service does not have is refused', async () => {
  await startService()
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
