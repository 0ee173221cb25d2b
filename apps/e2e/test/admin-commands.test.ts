import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import { start } from './start-process.ts'
import { environmentUnderTest, isOnPostgres, nodesUnderTest } from './under-test/database.ts'

const program = fileURLToPath(new URL('../../api/dist/admin.js', import.meta.url))
const password = 'a long enough secret'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mianmi-admin-commands-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs the built command; it reads the password from standard input. */
async function run(args: readonly string[], input = '') {
  const env = environmentUnderTest(folder, {
    PATH: process.env['PATH'],
    DATABASE_URL: 'file:test.db',
  })
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env })
  child.stdin.end(input)
  const streams = [text(child.stdout), text(child.stderr)]
  const [code] = await once(child, 'close')
  const [out, err] = await Promise.all(streams)
  return { out, err, code }
}

function startService(env: Record<string, string> = {}) {
  const service = start('service', {
    cwd: folder,
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      DATABASE_URL: 'file:test.db',
      WECHAT_APPS: 'wx0000000000000001:the-app-secret',
      SECRET_KEY: Buffer.alloc(32, 'secret key 1').toString('base64'),
      ...env,
    },
  })
  onTestFinished(async () => void (await service.stop()))
  return service
}

/** Calls a procedure of the console's sign-in, with a cookie as a browser would. */
async function call(url: string, procedure: string, input: object, cookie = '') {
  const reply = await fetch(`${url}/admin/trpc/account.${procedure}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url, cookie },
    body: JSON.stringify(input),
  })
  const [set = ''] = reply.headers.getSetCookie()
  const [pair = ''] = set.split(';')
  return { status: reply.status, body: await reply.json(), cookie: pair }
}

const lastLine = (output = ''): string => output.trimEnd().split('\n').at(-1) ?? ''

it('an administrator created by the command signs in to the running service', async () => {
  const url = await startService().listening
  const created = await run(['create', 'ops'], `${password}\n`)
  expect(created).toMatchObject({ code: 0, err: '' })
  expect(created.out).not.toContain(password)
  const signedIn = await call(url, 'signIn', { account: 'ops', password })
  expect(signedIn.body).toEqual({ result: { data: { next: 'enrol' } } })
  const enrol = async (enrolmentCode: string) => {
    const { status } = await call(url, 'enrol', { enrolmentCode }, signedIn.cookie)
    return status
  }
  expect(await enrol('AAAA-AAAA-AAAA-AAAA-AAAA')).toBe(401)
  expect(await enrol(lastLine(created.out))).toBe(200)
})

it('another password and another enrolment code end what was open before', async () => {
  const url = await startService().listening
  await run(['create', 'ops'], `${password}\n`)
  const before = await call(url, 'signIn', { account: 'ops', password })
  const changed = await run(['set-password', 'OPS'], 'another long secret\n')
  expect(changed).toEqual({
    code: 0,
    err: '',
    out: 'OPS has a new password; the console sessions have ended\n',
  })
  const enrolmentCode = lastLine((await run(['reset-totp', 'ops'])).out)
  const enrolBefore = await call(url, 'enrol', { enrolmentCode }, before.cookie)
  expect(enrolBefore.status).toBe(401)
  expect((await call(url, 'signIn', { account: 'ops', password })).status).toBe(401)
  const after = await call(url, 'signIn', { account: 'ops', password: 'another long secret' })
  expect((await call(url, 'enrol', { enrolmentCode }, after.cookie)).status).toBe(200)
})

it('a command that fails prints one line and exits with code 1', async () => {
  await startService().listening
  await run(['create', 'ops'], `${password}\n`)
  const names =
    'create, set-password, reset-totp, migrate, service-key:create|list|rotate|revoke, webhook:create|list|rotate|remove, audit:verify, reseal, import, export, restore and move-to; see --help\n'
  const missingKey =
    'admin: SECRET_KEY is missing; set it to that of the service, which the database was written under\n'
  for (const [args, input, line] of [
    [
      ['create', 'OPS'],
      `${password}\n`,
      'admin: the account OPS exists already; set-password gives an administrator another password\n',
    ],
    [['create', 'boss'], 'short\n', 'admin: a password has 8 to 128 characters\n'],
    [['create', 'boss'], '', 'admin: a password has 8 to 128 characters\n'],
    [['reset-totp', 'boss'], '', 'admin: there is no administrator boss\n'],
    [['set-password', 'boss'], `${password}\n`, 'admin: there is no administrator boss\n'],
    [['set-password', 'ops'], 'short\n', 'admin: a password has 8 to 128 characters\n'],
    [
      ['create', '13800138000'],
      `${password}\n`,
      'admin: 13800138000 is written like a phone number, which another person may prove to be theirs; choose a name\n',
    ],
    [
      ['create', 'аdmin'],
      `${password}\n`,
      'admin: an account has 3 to 64 letters of one script, digits and . _ - @ +, none of them invisible\n',
    ],
    [['create', 'a', 'b'], '', 'admin: create takes one account, and not 2: create ACCOUNT\n'],
    [['create'], '', 'admin: create needs an account: create ACCOUNT\n'],
    [['migrate', 'now'], '', 'admin: migrate takes no argument\n'],
    [['remove', 'ops'], '', `admin: there is no command remove; there are ${names}`],
    [['reseal', '--all'], '', 'admin: usage: reseal [--discard-unreadable]; see --help\n'],
    [['reseal'], '', missingKey],
    [['audit:verify'], '', missingKey],
    [['export'], '', missingKey],
    [['restore'], '', 'admin: usage: restore FILE; see --help\n'],
    [[], '', `admin: a command is missing; there are ${names}`],
  ] as const)
    expect(await run(args, input)).toEqual({ code: 1, err: line, out: '' })
})

it.skipIf(isOnPostgres).each(['create', 'set-password', 'reset-totp', 'migrate'])(
  '%s creates no SQLite database where there is none',
  async (command) => {
    const { code, err, out } = await run(
      command === 'migrate' ? [command] : [command, 'ops'],
      `${password}\n`,
    )
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/^admin: DATABASE_URL names .+test\.db, which cannot be opened: .+\n$/)
    expect(readdirSync(folder)).toEqual([])
  },
)

it.skipIf(isOnPostgres)(
  'says that DATABASE_URL is not set, where its default is not there',
  async () => {
    const env = { PATH: process.env['PATH'] }
    const programs = [[program, 'reset-totp', 'ops'], [program.replace('admin.js', 'backup.js')]]
    for (const args of programs) {
      const child = spawn(process.execPath, args, { cwd: folder, env })
      child.stdin.end()
      const err = await text(child.stderr)
      expect(err).toMatch(
        /^(admin|backup): DATABASE_URL is not set, and there is no database at its default, \S+mianmi\.db; set it to that of the service\n$/,
      )
    }
  },
)

it.skipIf(isOnPostgres)(
  'a backup is restored while the service is stopped, and only then',
  async () => {
    const service = startService()
    await service.listening
    await run(['create', 'ops'], `${password}\n`)
    const backup = spawn(
      process.execPath,
      [program.replace('admin.js', 'backup.js'), '--to', 'copy.db'],
      {
        cwd: folder,
        env: { PATH: process.env['PATH'], DATABASE_URL: 'file:test.db' },
      },
    )
    await once(backup, 'close')
    await run(['create', 'later'], `${password}\n`)
    expect(await run(['restore', 'copy.db'])).toEqual({
      ...{ code: 1, out: '' },
      err: 'admin: another process uses the database; stop the service first\n',
    })
    await service.stop()
    const restored = await run(['restore', 'copy.db'])
    expect(restored).toMatchObject({ code: 0, err: '' })
    expect(restored.out).toMatch(
      /test\.db: \d+ bytes of copy\.db; the database before is kept as \S+test\.db\.replaced-/,
    )
    const again = startService()
    const url = await again.listening
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect((await call(url, 'signIn', { account: 'ops', password })).status).toBe(200)
    expect((await call(url, 'signIn', { account: 'later', password })).status).toBe(401)
  },
)

it.skipIf(isOnPostgres)(
  'the log of a start says that the database is new, and of the next one does not',
  async () => {
    const line = /a new database: no service has used file:test\.db before/
    const first = startService()
    await first.listening
    await first.stop()
    expect(first.output.stdout).toMatch(line)
    const second = startService()
    await second.listening
    expect(second.output.stdout).not.toMatch(line)
  },
)

// Of several nodes that start at once, those that do not create the administrator say that the variables have no effect.
it.skipIf(nodesUnderTest() > 1)(
  'the first start prints the enrolment code of the first administrator, on standard error alone',
  async () => {
    const env = { ADMIN_ACCOUNT: 'ops', ADMIN_PASSWORD: password }
    const first = startService(env)
    const url = await first.listening
    const [, code = ''] =
      /ops .+ code, until \S+: ((?:\w{4}-){4}\w{4})\n$/.exec(first.output.stderr) ?? []
    const { cookie } = await call(url, 'signIn', { account: 'ops', password })
    expect((await call(url, 'enrol', { enrolmentCode: code }, cookie)).status).toBe(200)
    expect(await first.stop()).toBe(0)
    expect(first.output.stdout).not.toContain(code)
    expect(first.output.stdout).not.toContain('ADMIN_ACCOUNT')
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'))
    for (const text of files) expect(text).not.toContain(code)

    const second = startService(env)
    await second.listening
    await second.stop()
    expect(second.output.stderr).toBe('')
    expect(second.output.stdout).toContain('ADMIN_ACCOUNT and ADMIN_PASSWORD have no effect')
  },
)
