import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import { start } from './start-process.ts'

const program = fileURLToPath(new URL('../../api/dist/admin.js', import.meta.url))
const password = 'a long enough secret'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mianmi-admin-commands-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs the built command; it reads the password from standard input. */
async function run(args: readonly string[], input = '') {
  const env = { PATH: process.env['PATH'], DATABASE_URL: 'file:test.db' }
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env })
  child.stdin.end(input)
  const streams = [text(child.stdout), text(child.stderr)]
  const [code] = await once(child, 'close')
  const [out, err] = await Promise.all(streams)
  return { out, err, code }
}

function startService() {
  const service = start('service', {
    cwd: folder,
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      DATABASE_URL: 'file:test.db',
      WECHAT_APPS: 'wx0000000000000001:the-app-secret',
      SECRET_KEY: Buffer.alloc(32, 'secret key 1').toString('base64'),
    },
  })
  onTestFinished(async () => void (await service.stop()))
  return service
}

it('an administrator created by the command signs in to the running service', async () => {
  const url = await startService().listening
  const created = await run(['create', 'ops'], `${password}\n`)
  expect(created).toMatchObject({ code: 0, err: '' })
  expect(created.out).not.toContain(password)
  const reply = await fetch(`${url}/admin/trpc/account.signIn`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ account: 'ops', password }),
  })
  expect(await reply.json()).toEqual({ result: { data: { next: 'enrol' } } })
})

it('a command that fails prints one line and exits with code 1', async () => {
  await startService().listening
  await run(['create', 'ops'], `${password}\n`)
  const usage = 'admin: usage: create ACCOUNT, or reset-totp ACCOUNT; see --help\n'
  for (const [args, input, line] of [
    [['create', 'OPS'], `${password}\n`, 'admin: the account OPS exists already\n'],
    [['create', 'boss'], 'short\n', 'admin: a password has 8 to 128 characters\n'],
    [['create', 'boss'], '', 'admin: a password has 8 to 128 characters\n'],
    [['reset-totp', 'boss'], '', 'admin: there is no administrator boss\n'],
    [['remove', 'ops'], '', usage],
    [[], '', usage],
  ] as const)
    expect(await run(args, input)).toEqual({ code: 1, err: line, out: '' })
})

it.each(['create', 'reset-totp'])('%s creates no database where there is none', async (command) => {
  const { code, err, out } = await run([command, 'ops'], `${password}\n`)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/^admin: DATABASE_URL names .+test\.db, which cannot be opened: .+\n$/)
  expect(readdirSync(folder)).toEqual([])
})
