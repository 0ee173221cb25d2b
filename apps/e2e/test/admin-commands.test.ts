import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
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

it('an administrator created by the command signs in to a service that starts afterwards', async () => {
  const created = await run(['create', 'ops'], `${password}\n`)
  expect(created).toMatchObject({ code: 0, err: '' })
  expect(created.out).not.toContain(password)
  const service = start('service', {
    cwd: folder,
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      DATABASE_URL: 'file:test.db',
      WECHAT_APPS: 'wx0000000000000001:the-app-secret',
      SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
    },
  })
  try {
    const url = await service.listening
    const reply = await fetch(`${url}/admin/trpc/account.signIn`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ account: 'ops', password }),
    })
    expect(await reply.json()).toEqual({ result: { data: { next: 'enrol' } } })
  } finally {
    await service.stop()
  }
})

it('a command that fails prints one line and exits with code 1', async () => {
  await run(['create', 'ops'], `${password}\n`)
  for (const [args, input, line] of [
    [['create', 'OPS'], `${password}\n`, 'admin: there is an account OPS already\n'],
    [['create', 'boss'], 'short\n', 'admin: a password has 8 to 128 characters\n'],
    [['create', 'boss'], '', 'admin: a password has 8 to 128 characters\n'],
    [['reset-totp', 'boss'], '', 'admin: there is no administrator boss\n'],
    [['remove', 'ops'], '', 'admin: say: create ACCOUNT, or: reset-totp ACCOUNT\n'],
    [[], '', 'admin: say: create ACCOUNT, or: reset-totp ACCOUNT\n'],
  ] as const)
    expect(await run(args, input)).toEqual({ code: 1, err: line, out: '' })
})
