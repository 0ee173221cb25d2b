import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { RunningProcess } from '@mianmi/api/testing/process'
import Sqlite from 'better-sqlite3'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { TOTP } from 'otpauth'
import { expect, it, onTestFinished } from 'vitest'
import { start } from './start-process.ts'
import { environmentUnderTest } from './under-test/database.ts'

const [first, second] = ['wx0000000000000001', 'wx0000000000000002']
const issuer = 'https://mianmi.example'
const commands = fileURLToPath(new URL('../../api/dist/admin.js', import.meta.url))
const [a, b, c] = ['key a', 'key b', 'key c'].map((name) =>
  Buffer.alloc(33, name).toString('base64'),
)
const administrator = { account: 'ops', password: 'a long enough secret' }

interface Signed {
  readonly status: string
  readonly ticket: string
  readonly newUser: boolean
  readonly tokens: { accessToken: string; refreshToken: string }
  readonly user: { id: string }
}

/** Builds on a sandbox in a new folder; a service is started with the SECRET_KEY that it is given. */
async function setUp() {
  const cwd = mkdtempSync(join(tmpdir(), 'mianmi-keys-'))
  const sandbox = start('sandbox', { cwd, env: { SANDBOX_PORT: '0' } })
  const sandboxUrl = await sandbox.listening
  const services: RunningProcess[] = []
  onTestFinished(async () => {
    await Promise.all([...services, sandbox].map((running) => running.stop('SIGKILL')))
    rmSync(cwd, { recursive: true })
  })
  const env = (secretKey: string | undefined) => ({
    DATABASE_URL: 'file:test.db',
    WECHAT_APPS: `${first}:secret-one,${second}:secret-two`,
    WECHAT_API_URL: sandboxUrl,
    SECRET_KEY: String(secretKey),
    ISSUER: issuer,
    NODE_ENV: 'production',
    RATE_LIMIT_FACTOR: '100',
  })
  const launch = (secretKey: string | undefined): RunningProcess => {
    const service = start('service', {
      cwd,
      env: {
        PORT: '0',
        ADMIN_ACCOUNT: administrator.account,
        ADMIN_PASSWORD: administrator.password,
        ...env(secretKey),
      },
    })
    services.push(service)
    return service
  }
  const runCommand = (args: readonly string[], secretKey: string | undefined) => {
    const child = spawn(process.execPath, [commands, ...args], {
      cwd,
      env: environmentUnderTest(cwd, { PATH: process.env['PATH'], ...env(secretKey) }),
    })
    const printed = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    const ended = printed.then(([out, err, [code]]) => ({ out, err, code: code as number | null }))
    return { child, ended }
  }
  const play = async (path: string, input: object) => {
    const body = JSON.stringify(input)
    const headers = { 'content-type': 'application/json' }
    const reply = await fetch(`${sandboxUrl}/sandbox/${path}`, { method: 'POST', headers, body })
    return (await reply.json()) as { code: string }
  }
  return { cwd, launch, runCommand, play, database: join(cwd, 'test.db') }
}

type Setting = Awaited<ReturnType<typeof setUp>>

/** Calls a tRPC procedure. Returns its data, or the reason of its refusal. */
async function call<T = Signed>(
  url: string,
  path: string,
  input?: object,
  headers = {},
): Promise<T> {
  const reply = await fetch(`${url}/${path}`, {
    method: input === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(input === undefined ? {} : { body: JSON.stringify(input) }),
  })
  const { result, error } = (await reply.json()) as {
    result?: { data: T }
    error?: { data: { reason: string } }
  }
  if (result === undefined) throw new Error(`${path}: ${error?.data.reason}`)
  return result.data
}

async function login({ play }: Setting, url: string, user: string, appId = first) {
  const { code } = await play('login', { appId, user })
  return call(url, 'trpc/miniLogin', { appId, code })
}

async function bindByPhone(setting: Setting, url: string, user: string, appId = first) {
  const { ticket } = await login(setting, url, user, appId)
  const { code } = await setting.play('phone', { appId, user })
  const input = { proof: { ticket }, credential: { type: 'phone', code } }
  return call(url, 'trpc/bind', input)
}

const me = (url: string, token: string) =>
  call(url, 'trpc/me', undefined, { authorization: `Bearer ${token}` })

/** A console session of the administrator. */
async function openConsole(url: string) {
  let cookie = ''
  return async <T>(path: string, input: object): Promise<T> => {
    const reply = await fetch(`${url}/admin/trpc/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url, cookie },
      body: JSON.stringify(input),
    })
    cookie = reply.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    const body = (await reply.json()) as { result?: { data: T } }
    if (body.result === undefined) throw new Error(`${path}: ${JSON.stringify(body)}`)
    return body.result.data
  }
}

const codeOf = (secret: string, stepsAhead = 0): string =>
  new TOTP({ secret }).generate({ timestamp: Date.now() + stepsAhead * 30_000 })

async function proveFactor(url: string, code: string) {
  const admin = await openConsole(url)
  expect(await admin('account.signIn', administrator)).toEqual({ next: 'code' })
  await admin('account.proveCode', { code })
}

async function kidsOf(url: string): Promise<string[]> {
  const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as {
    keys: { kid: string }[]
  }
  return keys.map(({ kid }) => kid).sort()
}

it('SECRET_KEY is changed while people are signed in, and all stay signed in', async () => {
  const setting = await setUp()
  const { launch, runCommand, play } = setting
  const underA = launch(a)
  let url = await underA.listening
  await play('person', { user: 'ming', unionid: null })
  const ming = await bindByPhone(setting, url, 'ming')
  const others = Array.from({ length: 150 }, (_, index) => `person-${index}`)
  const bound = await Promise.all(others.map((user) => bindByPhone(setting, url, user)))
  const idle = await login(setting, url, 'ming')
  const admin = await openConsole(url)
  await admin('account.signIn', administrator)
  const enrolmentCode = /code, until \S+: (\S+)/.exec(underA.output.stderr)?.[1]
  const { secret } = await admin<{ secret: string }>('account.enrol', { enrolmentCode })
  const { recoveryCodes } = await admin<{ recoveryCodes: string[] }>('account.proveCode', {
    code: codeOf(secret, -1),
  })
  const [oldKid = ''] = await kidsOf(url)
  expect(await underA.stop()).toBe(0)

  const both = launch(`${b},${a}`)
  url = await both.listening
  expect(await me(url, ming.tokens.accessToken)).toMatchObject({ user: { id: ming.user.id } })
  const { refreshToken } = ming.tokens
  const renewed = await call<Signed['tokens']>(url, 'trpc/session.refresh', { refreshToken })
  expect(await bindByPhone(setting, url, 'ming', second)).toMatchObject({
    newUser: false,
    user: { id: ming.user.id },
  })
  await proveFactor(url, codeOf(secret))
  const newKid = decodeProtectedHeader(renewed.accessToken).kid ?? ''
  expect(await kidsOf(url)).toEqual([oldKid, newKid].sort())
  const jwks = createRemoteJWKSet(new URL(`${url}/.well-known/jwks.json`))
  for (const token of [ming.tokens.accessToken, renewed.accessToken])
    expect((await jwtVerify(token, jwks, { issuer })).payload.sub).toBe(ming.user.id)

  // An interrupted run is resumed by the next one.
  const interrupted = runCommand(['reseal'], `${b},${a}`)
  interrupted.child.stdout.once('data', () => interrupted.child.kill('SIGKILL'))
  await interrupted.ended
  const resealing = runCommand(['reseal'], `${b},${a}`).ended
  let isDone = false
  void resealing.then(() => {
    isDone = true
  })
  let calls = 0
  for (; !isDone || calls < 20; calls++) {
    const user = others[calls % others.length] ?? ''
    expect(await login(setting, url, user)).toMatchObject({ status: 'signedIn' })
    await bindByPhone(setting, url, `new-${calls}`)
  }
  const { out, err, code } = await resealing
  expect({ err, code }).toEqual({ err: '', code: 0 })
  expect(out).toMatch(/^users: done, \d+ rows read, \d+ sealed again$/m)
  const last =
    /\d+ rows were sealed again under the first key of SECRET_KEY; the other keys can be removed from it now\n$/
  expect(out).toMatch(last)
  const verify = async (secretKey: string | undefined) =>
    expect(await runCommand(['audit:verify'], secretKey).ended).toMatchObject({ err: '', code: 0 })
  await verify(`${b},${a}`)
  expect(await both.stop()).toBe(0)

  const underB = launch(b)
  url = await underB.listening
  for (const token of [ming.tokens.accessToken, renewed.accessToken])
    expect(await me(url, token)).toMatchObject({ user: { id: ming.user.id } })
  expect(await kidsOf(url)).toEqual([oldKid, newKid].sort())
  for (const { tokens } of [idle, { tokens: renewed }])
    await call(url, 'trpc/session.refresh', { refreshToken: tokens.refreshToken })
  expect(await login(setting, url, 'ming')).toMatchObject({ user: { id: ming.user.id } })
  await play('person', { user: 'person-0', unionid: null })
  await proveFactor(url, codeOf(secret, 1))
  await proveFactor(url, recoveryCodes[0] ?? '')
  const database = new Sqlite(setting.database, { readonly: true })
  onTestFinished(() => void database.close())
  const numbers = database.prepare(
    'select count(*), count(distinct phone_key) from users where phone is not null',
  )
  expect(numbers.raw().get()).toEqual([1 + bound.length + calls, 1 + bound.length + calls])
  expect(await underB.stop()).toBe(0)
  await verify(b)
})

it('a database that was written under a key that is not listed refuses the start in one line', async () => {
  const { launch, runCommand } = await setUp()
  const service = launch(a)
  await service.listening
  await service.stop()
  for (const secretKey of [c, `${b},${c}`]) {
    const { output, ended } = launch(secretKey)
    expect(await ended).toBe(1)
    expect(output.stderr).toMatch(/^mianmi: SECRET_KEY does not list every key .+\n$/)
    for (const key of [a, b, c]) expect(output.stdout + output.stderr).not.toContain(key)
  }
  const { err, code } = await runCommand(['reseal'], c).ended
  expect({ err, code }).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^admin: SECRET_KEY .+\n$/),
  })
  // What was refused left nothing behind.
  const again = launch(a)
  await again.listening
  expect(await again.stop()).toBe(0)
})

it.each([
  ['was used by two keys and is opened with the second alone', false],
  ['has lost the record of its keys and is opened with another', true],
])('a database that %s gets one line that names SECRET_KEY', async (_what, forgetsKeys) => {
  const { launch, runCommand, database } = await setUp()
  for (const secretKey of [a, `${b},${a}`]) {
    const service = launch(secretKey)
    await service.listening
    expect(await service.stop()).toBe(0)
  }
  const sqlite = new Sqlite(database)
  onTestFinished(() => void sqlite.close())
  if (forgetsKeys) sqlite.exec('delete from root_keys')
  const recorded = sqlite.prepare('select count(*) from root_keys').pluck()
  const before = recorded.get()
  const started = launch(b)
  expect(await started.ended).toBe(1)
  expect(started.output.stderr).toMatch(/^mianmi: .*SECRET_KEY.+\n$/)
  for (const args of [['audit:verify'], ['reseal'], ['reset-totp', administrator.account]])
    expect(await runCommand(args, b).ended, args[0]).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(/^admin: .*SECRET_KEY.+\n$/),
    })
  expect(recorded.get()).toBe(before)
  const again = launch(`${b},${a}`)
  await again.listening
  expect(await again.stop()).toBe(0)
})

it('one number that is bound by two processes at once, with the keys in different orders, is one user', async () => {
  const setting = await setUp()
  const [one, other] = [setting.launch(`${a},${b}`), setting.launch(`${b},${a}`)]
  const urls = [await one.listening, await other.listening]
  const phone = '13800138000'
  const people = Array.from({ length: 8 }, (_, index) => `person-${index}`)
  for (const user of people) await setting.play('person', { user, phone })
  const tickets = await Promise.all(
    people.map(async (user, index) => (await login(setting, urls[index % 2] ?? '', user)).ticket),
  )
  const results = await Promise.allSettled(
    people.map(async (user, index) => {
      const { code } = await setting.play('phone', { appId: first, user })
      const input = { proof: { ticket: tickets[index] }, credential: { type: 'phone', code } }
      return call(urls[index % 2] ?? '', 'trpc/bind', input)
    }),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const database = new Sqlite(setting.database, { readonly: true })
  onTestFinished(() => void database.close())
  expect(database.prepare('select count(*) from users where phone is not null').pluck().get()).toBe(
    1,
  )
})

it('what an earlier run could not open is counted without any value, and the command exits with 1', async () => {
  const setting = await setUp()
  const service = setting.launch(a)
  await bindByPhone(setting, await service.listening, 'ming')
  await service.stop()
  const database = new Sqlite(setting.database)
  const sealed = database
    .prepare('select sealed_phone from users where phone is not null')
    .pluck()
    .get()
  database.prepare("update users set sealed_phone = 'AAAA' where phone is not null").run()
  const failed = await setting.runCommand(['reseal'], `${b},${a}`).ended
  expect(failed.code).toBe(1)
  expect(failed.err).toMatch(
    /^admin: .+no key in SECRET_KEY opens were left: 1 of users; the other keys must stay .+\n$/,
  )
  expect(failed.out + failed.err).not.toContain('AAAA')
  database.prepare('update users set sealed_phone = ? where phone is not null').run(sealed)
  database.close()
  const mended = await setting.runCommand(['reseal'], `${b},${a}`).ended
  expect(mended).toMatchObject({ code: 0, err: '' })
  expect(mended.out).toMatch(
    /\n1 row was sealed again under the first key of SECRET_KEY; the other keys can be removed/,
  )
})
