import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { RunningProcess } from '@mianmi/api/testing/process'
import type { AppRouter } from '@mianmi/contracts'
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client'
import { TOTP } from 'otpauth'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { start } from '../start-process.ts'
import { createDatabase, databasePassword, describePostgres, query } from './database.ts'

const appId = 'wx6d69616e6d690001'
const secretKey = randomBytes(32).toString('base64')
const administrator = { account: 'ops', password: 'a long enough secret' }

let folder = ''
let started: RunningProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mianmi-postgres-'))
})

afterEach(async () => {
  await Promise.all(started.map((running) => running.stop('SIGKILL')))
  // Nothing that any process printed in any test holds the password of the database.
  for (const { output } of started)
    expect(output.stdout + output.stderr).not.toContain(databasePassword)
  started = []
  rmSync(folder, { recursive: true })
})

function run(program: 'service' | 'sandbox', env: Record<string, string>): RunningProcess {
  const running = start(program, { cwd: folder, env })
  started.push(running)
  return running
}

const environment = (databaseUrl: string, env: Record<string, string> = {}) => ({
  NODE_ENV: 'production',
  PORT: '0',
  DATABASE_URL: databaseUrl,
  WECHAT_APPS: `${appId}:the-app-secret`,
  SECRET_KEY: secretKey,
  ISSUER: 'https://mianmi.example',
  ...env,
})

/** Runs a built program to its end. */
async function runProgram(
  name: 'admin' | 'backup',
  { args, env, input = '' }: { args: readonly string[]; env: object; input?: string },
) {
  const path = fileURLToPath(new URL(`../../../api/dist/${name}.js`, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env },
  })
  child.stdin.end(input)
  const printed = [text(child.stdout), text(child.stderr)]
  const [code] = await once(child, 'close')
  const [out = '', err = ''] = await Promise.all(printed)
  expect(out + err).not.toContain(databasePassword)
  return { code, out, err }
}

const lastLine = (output: string): string => output.trimEnd().split('\n').at(-1) ?? ''

function clientOf(url: string, token?: string) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc`, headers })] })
}

async function reasonOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'ok'
  } catch (error) {
    if (error instanceof TRPCClientError) return String(error.data?.reason)
    throw error
  }
}

/** A sandbox, and what `wx.login` gives a person. */
async function startWechat() {
  const sandboxUrl = await run('sandbox', { SANDBOX_PORT: '0' }).listening
  const code = async (user: string): Promise<string> => {
    const reply = await fetch(`${sandboxUrl}/sandbox/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ appId, user }),
    })
    return ((await reply.json()) as { code: string }).code
  }
  return { env: { WECHAT_API_URL: sandboxUrl }, code }
}

async function registerAs(url: string, code: string, account: string) {
  const result = await clientOf(url).miniLogin.mutate({ appId, code })
  if (result.status !== 'unbound') throw new Error('bound already')
  const proof = { ticket: result.ticket }
  return clientOf(url).register.mutate({ proof, account, password: 'correct horse' })
}

/** Calls a procedure of the console's sign-in, with a cookie as a browser would. */
async function callConsole(
  url: string,
  procedure: string,
  { input, cookie = '' }: { input: object; cookie?: string },
) {
  const reply = await fetch(`${url}/admin/trpc/account.${procedure}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url, cookie },
    body: JSON.stringify(input),
  })
  const body = (await reply.json()) as { result?: { data: Record<string, string> } }
  const pairs = reply.headers.getSetCookie().map((line) => line.split(';')[0])
  return { status: reply.status, data: body.result?.data, cookie: pairs.join('; ') }
}

describePostgres('the service on PostgreSQL', () => {
  it('signs in, binds, refreshes and revokes on two nodes as on one, also after a restart', async () => {
    const url = await createDatabase()
    const wechat = await startWechat()
    const env = environment(url, wechat.env)
    const [first, second] = [run('service', env), run('service', env)]
    const [a, b] = await Promise.all([first.listening, second.listening])
    const { tokens, user } = await registerAs(a, await wechat.code('ming'), 'ming')
    expect((await clientOf(b, tokens.accessToken).me.query()).user.id).toBe(user.id)
    const { refreshToken } = tokens
    const refreshed = await clientOf(b).session.refresh.mutate({ refreshToken })
    expect((await clientOf(a, refreshed.accessToken).me.query()).user.id).toBe(user.id)

    const code = await wechat.code('ming')
    const logins = await Promise.all(
      [a, b, a, b].map((each) => reasonOf(clientOf(each).miniLogin.mutate({ appId, code }))),
    )
    expect(logins.sort()).toEqual(['code_used', 'code_used', 'code_used', 'ok'])

    expect(await first.stop()).toBe(0)
    const again = await run('service', env).listening
    const { session } = await clientOf(again, refreshed.accessToken).me.query()
    await clientOf(b, refreshed.accessToken).session.revoke.mutate({ sessionId: session.id })
    expect(await reasonOf(clientOf(again, refreshed.accessToken).me.query())).toBe(
      'unauthenticated',
    )
    expect((await fetch(`${again}/readyz`)).status).toBe(200)
  })

  it('administrators sign in to the console at any node, and see where it is kept without its password', async () => {
    const url = await createDatabase()
    const env = environment(url, {
      ADMIN_ACCOUNT: administrator.account,
      ADMIN_PASSWORD: administrator.password,
    })
    const nodes = [run('service', env), run('service', env)]
    const [a = '', b = ''] = await Promise.all(nodes.map(({ listening }) => listening))
    const printed = nodes.map(({ output }) => output.stderr).join('')
    expect(printed.match(/enrols an authenticator app/g)).toHaveLength(1)
    const enrolmentCode = lastLine(printed).split(': ').at(-1)
    const { cookie } = await callConsole(a, 'signIn', { input: administrator })
    const { data } = await callConsole(b, 'enrol', { input: { enrolmentCode }, cookie })
    const proof = new TOTP({ secret: data?.['secret'] ?? '' }).generate()
    const signedIn = await callConsole(a, 'proveCode', { input: { code: proof }, cookie })
    expect(signedIn.status).toBe(200)
    const settings = await fetch(`${b}/admin/trpc/settings`, {
      headers: { cookie: signedIn.cookie },
    })
    const shown = await settings.text()
    expect(shown).toContain(url.replace(`:${databasePassword}`, ''))
    expect(shown).not.toContain(databasePassword)
  })

  it('of eight starts at once on an empty database all listen, with one signing key', async () => {
    const env = environment(await createDatabase())
    const nodes = Array.from({ length: 8 }, () => run('service', env))
    const urls = await Promise.all(nodes.map(({ listening }) => listening))
    const keys = await Promise.all(
      urls.map(async (url) => (await fetch(`${url}/.well-known/jwks.json`)).text()),
    )
    expect(new Set(keys).size).toBe(1)
  })

  it.each([
    ['without ISSUER', { ISSUER: '' }, '', /^mianmi: ISSUER is missing; with PostgreSQL/],
    ['with an unknown parameter', {}, '?sslmod=require', /^mianmi: DATABASE_URL: .*sslmode/],
    ['with an option that has no such value', {}, '?pool=0', /^mianmi: DATABASE_URL: pool must/],
  ])('%s it does not start', async (_what, env, parameters, message) => {
    const service = run('service', environment((await createDatabase()) + parameters, env))
    expect(await service.ended).toBe(1)
    expect(service.output.stderr).toMatch(message)
    expect(service.output.stderr.trim().split('\n')).toHaveLength(1)
  })

  it.each([
    [
      'an isolation level of its own',
      async () => {
        const url = await createDatabase()
        const name = new URL(url).pathname.slice(1)
        await query(
          url,
          `alter database ${name} set default_transaction_isolation = 'serializable'`,
        )
        return url
      },
      /isolation level is serializable/,
    ],
    [
      'another encoding',
      () => createDatabase("template template0 encoding 'SQL_ASCII' locale 'C'"),
      /encoding SQL_ASCII/,
    ],
    [
      'no server',
      async () => (await createDatabase()).replace(/:\d+\//, ':1/'),
      /cannot be reached: .*ECONNREFUSED/,
    ],
    [
      'no database',
      async () => `${await createDatabase()}_not`,
      /cannot be reached: database "e2e_\d+_not" does not exist/,
    ],
  ])('a database with %s is refused in one line', async (_what, prepare, message) => {
    const service = run('service', environment(await prepare()))
    expect(await service.ended).toBe(1)
    expect(service.output.stderr).toMatch(/^mianmi: DATABASE_URL: /)
    expect(service.output.stderr).toMatch(message)
    expect(service.output.stderr.trim().split('\n')).toHaveLength(1)
  })

  it('a node whose SECRET_KEY is unknown to the database is refused, and one that lists it is not', async () => {
    const url = await createDatabase()
    const first = run('service', environment(url))
    await first.listening
    const other = randomBytes(32).toString('base64')
    const refused = run('service', environment(url, { SECRET_KEY: other }))
    expect(await refused.ended).toBe(1)
    expect(refused.output.stderr).toMatch(/^mianmi: SECRET_KEY does not list every key/)
    const both = run('service', environment(url, { SECRET_KEY: `${other},${secretKey}` }))
    await both.listening
  })
})

describePostgres('the commands on PostgreSQL', () => {
  it('migrate makes an empty database ready, and a second run changes nothing', async () => {
    const url = await createDatabase()
    const env = { DATABASE_URL: url }
    const shown = url.replace(`:${databasePassword}`, '')
    for (const _time of [1, 2]) {
      const migrated = await runProgram('admin', { args: ['migrate'], env })
      expect(migrated).toEqual({ code: 0, err: '', out: `the schema of ${shown} is up to date\n` })
    }
    await run('service', environment(url)).listening
    const lines = `select outcome from audit_events where action = 'command.migrate' order by id`
    await expect
      .poll(async () =>
        (await query<{ outcome: string }>(url, lines)).map(({ outcome }) => outcome),
      )
      .toEqual(['started', 'ok', 'started', 'ok'])
  })

  it('administrators are created, changed and reset while nodes run', async () => {
    const url = await createDatabase()
    const service = await run('service', environment(url)).listening
    const env = { DATABASE_URL: url, SECRET_KEY: secretKey }
    const created = await runProgram('admin', {
      args: ['create', 'ops'],
      env,
      input: `${administrator.password}\n`,
    })
    expect(created).toMatchObject({ code: 0, err: '' })
    const again = await runProgram('admin', {
      args: ['create', 'OPS'],
      env,
      input: `${administrator.password}\n`,
    })
    expect(again.code).toBe(1)
    expect(again.err).toMatch(/^admin: the account OPS exists already; set-password .+\n$/)
    const signIn = (password: string) =>
      callConsole(service, 'signIn', { input: { ...administrator, password } })
    const { cookie } = await signIn(administrator.password)
    const reset = await runProgram('admin', { args: ['reset-totp', 'ops'], env })
    const enrol = (code: string, session: string) =>
      callConsole(service, 'enrol', { input: { enrolmentCode: code }, cookie: session })
    expect((await enrol(lastLine(reset.out), cookie)).status).toBe(401)
    const changed = await runProgram('admin', {
      args: ['set-password', 'ops'],
      env,
      input: 'another long secret\n',
    })
    expect(changed.code).toBe(0)
    expect((await signIn(administrator.password)).status).toBe(401)
    const later = await signIn('another long secret')
    expect((await enrol(lastLine(reset.out), later.cookie)).status).toBe(200)
    const verified = await runProgram('admin', { args: ['audit:verify'], env })
    expect(verified).toMatchObject({ code: 0, err: '' })
    expect(verified.out).toMatch(/^\d+ lines verified/)
  })

  it('a service key that is revoked is refused by every node at its next call', async () => {
    const env = environment(await createDatabase())
    const first = await run('service', env).listening
    const second = await run('service', env).listening
    const statuses = (key: string) =>
      Promise.all(
        [first, second].map(async (url) => {
          const headers = { authorization: `Bearer ${key}` }
          const body = new URLSearchParams({ token: 'x' })
          return (await fetch(`${url}/v1/introspect`, { method: 'POST', headers, body })).status
        }),
      )
    const command = (...args: string[]) => runProgram('admin', { args, env })
    const created = await command('service-key:create', '--name', 'pay', '--scopes', 'introspect')
    const key = lastLine(created.out)
    // Ten rounds, so that a node that kept a key for a while would be seen.
    for (let round = 0; round < 10; round++) expect(await statuses(key)).toEqual([200, 200])
    expect(await command('service-key:revoke', '--name', 'pay')).toMatchObject({ code: 0 })
    expect(await statuses(key)).toEqual([401, 401])
  })

  it('reseal retires a former key while a node runs, which then starts without it', async () => {
    const url = await createDatabase()
    const wechat = await startWechat()
    const newKey = randomBytes(32).toString('base64')
    const before = run('service', environment(url, wechat.env))
    const { tokens } = await registerAs(await before.listening, await wechat.code('ming'), 'ming')
    await before.stop()
    const both = { SECRET_KEY: `${newKey},${secretKey}` }
    await run('service', environment(url, { ...wechat.env, ...both })).listening
    const resealed = await runProgram('admin', {
      args: ['reseal'],
      env: { DATABASE_URL: url, ...both },
    })
    expect(resealed).toMatchObject({ code: 0, err: '' })
    expect(lastLine(resealed.out)).toMatch(/the other keys can be removed from it now$/)
    const alone = run('service', environment(url, { ...wechat.env, SECRET_KEY: newKey }))
    const { user } = await clientOf(await alone.listening, tokens.accessToken).me.query()
    expect(user.account).toBe('ming')
  })

  it('backup refuses in one line, and names what to use', async () => {
    const env = { DATABASE_URL: await createDatabase() }
    const { code, out, err } = await runProgram('backup', { args: [], env })
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^backup: .*pg_dump[^\n]*\n$/)
  })
})
