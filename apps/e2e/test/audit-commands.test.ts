import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import { start } from './start-process.ts'

const program = fileURLToPath(new URL('../../api/dist/admin.js', import.meta.url))
const password = 'a long enough secret'
const [a, b] = ['key a', 'key b'].map((name) => Buffer.alloc(33, name).toString('base64'))

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mianmi-audit-commands-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs the built command; it reads a password from standard input. */
async function run(args: readonly string[], secretKey?: string) {
  const env = {
    PATH: process.env['PATH'],
    NODE_ENV: 'production',
    DATABASE_URL: 'file:test.db',
    ...(secretKey === undefined ? {} : { SECRET_KEY: secretKey }),
  }
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env })
  child.stdin.end(`${password}\n`)
  const streams = [text(child.stdout), text(child.stderr)]
  const [code] = await once(child, 'close')
  const [out, err] = await Promise.all(streams)
  return { out, err, code }
}

function startService(secretKey = a) {
  const service = start('service', {
    cwd: folder,
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      DATABASE_URL: 'file:test.db',
      WECHAT_APPS: 'wx0000000000000001:the-app-secret',
      SECRET_KEY: String(secretKey),
      ADMIN_ACCOUNT: 'first',
      ADMIN_PASSWORD: password,
    },
  })
  onTestFinished(async () => void (await service.stop()))
  return service
}

interface Line {
  readonly id: number
  readonly at: number
  readonly action: string
  readonly outcome: string
  readonly device: string | null
  readonly account: string | null
}

function openLog() {
  const database = new Sqlite(join(folder, 'test.db'))
  onTestFinished(() => void database.close())
  const lines = database.prepare<[], Line>(
    `select line.id, at, action, outcome, device, account from audit_events as line
     left join audit_subjects as subject on pseudonym = line.user_id
     left join users on users.id = subject.user_id order by line.id`,
  )
  const actions = () => lines.all().map(({ action, outcome }) => `${action} ${outcome}`)
  return { database, lines, actions }
}

it('the first start and every command leave their lines, with the account that they concern', async () => {
  const service = startService()
  await service.listening
  const { lines, actions } = openLog()
  await run(['create', 'boss'], a)
  await run(['set-password', 'boss'], a)
  await run(['reset-totp', 'boss'], a)
  expect((await run(['reset-totp', 'nobody-of-this-name'], a)).code).toBe(1)
  expect(actions()).toEqual([
    'system.firstAdministrator started',
    'system.firstAdministrator ok',
    'command.create started',
    'command.create ok',
    'command.setPassword started',
    'command.setPassword ok',
    'command.resetTotp started',
    'command.resetTotp ok',
    'command.resetTotp started',
    'command.resetTotp invalid_input',
  ])
  expect(lines.all().map(({ account }) => account)).toEqual([
    null,
    'first',
    null,
    ...Array.from({ length: 5 }, () => 'boss'),
    null,
    null,
  ])
  expect(lines.all().at(-1)?.device).toMatch(/^admin\.js, user .+/)
  const { out, code } = await run(['audit:verify'], a)
  expect({ out, code }).toEqual({ out: expect.stringMatching(/^10 lines verified, /), code: 0 })
})

it('a command without SECRET_KEY leaves its lines to the running service, which adds them to the chain', async () => {
  await startService().listening
  const { actions } = openLog()
  expect(await run(['create', 'boss'])).toMatchObject({ code: 0, err: '' })
  await expect
    .poll(actions, { timeout: 15_000 })
    .toEqual(expect.arrayContaining(['command.create started', 'command.create ok']))
  expect(await run(['audit:verify'], a)).toMatchObject({ code: 0, err: '' })
})

it('a change of SECRET_KEY is recorded, and the chain goes on through it', async () => {
  const first = startService(a)
  await first.listening
  await first.stop()
  const { actions, lines } = openLog()
  const both = startService(`${b},${a}`)
  await both.listening
  expect(await run(['reseal'], `${b},${a}`)).toMatchObject({ code: 0 })
  await both.stop()
  const last = startService(b)
  await last.listening
  expect(actions()).toEqual([
    'system.firstAdministrator started',
    'system.firstAdministrator ok',
    'system.keys ok',
    'command.reseal started',
    'command.reseal ok',
    'system.keys ok',
  ])
  const [, , keys] = lines.all()
  expect(keys?.device).toMatch(/^SECRET_KEY [\w-]{16},[\w-]{16}$/)
  await last.stop()
  const again = startService(b)
  await again.listening
  expect(actions()).toHaveLength(6)
  expect(await run(['audit:verify'], b)).toMatchObject({ code: 0, err: '' })
  expect(await run(['audit:verify'], a)).toMatchObject({ code: 1, out: '' })
})

it('audit:verify names the first broken place and ends with code 1', async () => {
  await startService().listening
  await run(['create', 'boss'], a)
  const { database, lines } = openLog()
  const [first, second, third] = lines.all()
  const place = (line?: Line) => `line ${line?.id} of ${new Date(line?.at ?? 0).toISOString()}`
  database.exec(`update audit_events set outcome = 'forbidden' where id = ${second?.id}`)
  const altered = await run(['audit:verify'], a)
  expect(altered).toMatchObject({ code: 1, out: '' })
  expect(altered.err).toBe(
    `admin: the audit log is broken at ${place(second)}: it does not follow ${place(first)}; it was altered, inserted or moved, or lines before it were deleted; 1 line verified, from ${place(first)} to ${place(first)} with the MAC ${altered.err?.trimEnd().slice(-32)}\n`,
  )
  database.exec(`update audit_events set outcome = 'ok' where id = ${second?.id}`)
  expect(await run(['audit:verify'], a)).toMatchObject({ code: 0 })
  database.exec(`delete from audit_events where id >= ${third?.id}`)
  const shortened = await run(['audit:verify'], a)
  expect(shortened.code).toBe(1)
  expect(shortened.err).toContain(`is broken after ${place(second)}: the newest line was 4`)
})
