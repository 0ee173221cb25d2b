import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { TOTP } from 'otpauth'
import { expect, it } from 'vitest'
import { createPhone, loginCode, password } from '../phone.ts'
import { appId, appSecret, type Stack, startStack } from '../stack.ts'
import { isOnPostgres } from '../under-test/database.ts'
import { createDatabase, databasePassword, describePostgres, query } from './database.ts'

const program = fileURLToPath(new URL('../../../api/dist/admin.js', import.meta.url))
const administrator = { account: 'boss', password: 'a long enough secret' }

/** Runs the built command on the database of the stack, or on another one. */
async function run({ cwd }: Stack, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: {
      PATH: process.env['PATH'],
      WECHAT_APPS: `${appId}:${appSecret}`,
      SECRET_KEY: Buffer.alloc(32, 'secret key 9').toString('base64'),
      ...env,
    },
  })
  child.stdin.end(`${administrator.password}\n`)
  const streams = [text(child.stdout), text(child.stderr)]
  const [code] = await once(child, 'close')
  const [out = '', err = ''] = await Promise.all(streams)
  expect(out + err).not.toContain(databasePassword)
  return { out, err, code }
}

const lastLine = (output: string): string => output.trimEnd().split('\n').at(-1) ?? ''

/** What `wx.login` and the mini program's sign-in give a person on a new phone. */
async function signIn(stack: Stack, user: string) {
  const opened = createPhone(stack, user).open()
  const result = await opened.service.miniLogin.mutate({ appId, code: await loginCode(opened) })
  return { service: opened.service, result }
}

async function register(stack: Stack, user: string) {
  const { service, result } = await signIn(stack, user)
  if (result.status !== 'unbound') throw new Error('bound already')
  return service.register.mutate({ proof: { ticket: result.ticket }, account: user, password })
}

async function isSignedIn({ url }: Stack, accessToken: string): Promise<boolean> {
  const reply = await fetch(`${url}/trpc/me`, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  return reply.ok
}

/** A browser at the console. */
function openConsole({ url }: Stack) {
  let cookie = ''
  return async (path: string, input?: object) => {
    const reply = await fetch(`${url}/admin/trpc/${path}`, {
      method: input === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', origin: url, cookie },
      ...(input === undefined ? {} : { body: JSON.stringify(input) }),
    })
    const pairs = reply.headers.getSetCookie().map((line) => line.split(';')[0])
    if (pairs.length > 0) cookie = pairs.join('; ')
    const body = (await reply.json()) as { result?: { data: Record<string, string> } }
    return { status: reply.status, data: body.result?.data }
  }
}

const proofOf = (secret: string, stepsAhead: number): string =>
  new TOTP({ secret }).generate({ timestamp: Date.now() + stepsAhead * 30_000 })

describePostgres('move-to', () => {
  it.skipIf(isOnPostgres)('signs out neither people nor administrators', async () => {
    const env: Record<string, string> = {}
    const stack = await startStack(env)
    const { tokens, user } = await register(stack, 'ming')
    const waiting = await signIn(stack, 'hong')
    const created = await run(stack, ['create', administrator.account])
    const browser = openConsole(stack)
    await browser('account.signIn', administrator)
    const enrolmentCode = lastLine(created.out)
    const { data } = await browser('account.enrol', { enrolmentCode })
    const secret = data?.['secret'] ?? ''
    expect((await browser('account.proveCode', { code: proofOf(secret, 0) })).status).toBe(200)
    await stack.stopService()

    const to = await createDatabase()
    // As docs/many-nodes.md prepares the target.
    expect((await run(stack, ['migrate'], { DATABASE_URL: to })).code).toBe(0)
    const moved = await run(stack, ['move-to', to])
    expect(moved).toMatchObject({ code: 0, err: '' })
    expect(moved.out).toMatch(/^users: 2 rows, sha256 [0-9a-f]{64}$/m)
    expect(lastLine(moved.out)).toMatch(/^\d+ rows of \d+ tables are in postgres:.*the same there/)

    env['DATABASE_URL'] = to
    await stack.restartService()
    expect(await isSignedIn(stack, tokens.accessToken)).toBe(true)
    expect((await browser('settings')).status).toBe(200)
    const silent = await signIn(stack, 'ming')
    expect(silent.result).toMatchObject({ status: 'signedIn', user: { id: user.id } })
    const { refreshToken } = tokens
    const renewed = await silent.service.session.refresh.mutate({ refreshToken })
    expect(await isSignedIn(stack, renewed.accessToken)).toBe(true)
    if (waiting.result.status !== 'unbound') throw new Error('bound already')
    const proof = { ticket: waiting.result.ticket }
    await waiting.service.register.mutate({ proof, account: 'hong', password })
    const again = openConsole(stack)
    expect((await again('account.signIn', administrator)).data).toEqual({ next: 'code' })
    expect((await again('account.proveCode', { code: proofOf(secret, 1) })).status).toBe(200)

    const verified = await run(stack, ['audit:verify'], { DATABASE_URL: to })
    expect(verified).toMatchObject({ code: 0, err: '' })
    expect(verified.out).not.toContain('not verified')
    const lines = await query<{ outcome: string }>(
      to,
      `select outcome from audit_events where action = 'command.moveTo' order by id`,
    )
    expect(lines.map(({ outcome }) => outcome)).toEqual(['started', 'ok'])
    expect((await run(stack, ['audit:verify'])).code).toBe(0)
  })

  it.skipIf(isOnPostgres)(
    'refuses what it cannot move in one line, and changes nothing',
    async () => {
      const stack = await startStack()
      await register(stack, 'ming')
      const to = await createDatabase()
      const refusal = async (args: readonly string[], overrides: Record<string, string> = {}) => {
        const { code, out, err } = await run(stack, ['move-to', ...args], overrides)
        expect([code, out]).toEqual([1, ''])
        expect(err.trimEnd().split('\n')).toHaveLength(1)
        return err
      }
      expect(await refusal([to])).toMatch(/another process uses the SQLite database; stop the serv/)
      await stack.stopService()
      expect(await refusal([])).toMatch(/^admin: usage: move-to /)
      expect(await refusal([to, to])).toMatch(/^admin: usage: move-to /)
      expect(await refusal(['mysql://me:geheim@h/d'])).toMatch(
        /^admin: the target must be postgres:/,
      )
      expect(await refusal([to.replace(/:\d+\//, ':1/')])).toMatch(/the target: .*ECONNREFUSED/)
      expect(await refusal([`${to}_not`])).toMatch(/the target: .* does not exist/)
      expect(await refusal([to], { DATABASE_URL: to })).toMatch(/must name the SQLite database/)
      expect(await refusal([to], { DATABASE_URL: 'file:no.db' })).toMatch(/there is no such file/)
      const SECRET_KEY = Buffer.alloc(32, 'another').toString('base64')
      expect(await refusal([to], { SECRET_KEY })).toMatch(/SECRET_KEY does not list every key/)
      expect((await run(stack, ['move-to', to])).code).toBe(0)
      const moved = /content was moved to PostgreSQL .*: admin\.js restore (\S+)$/m
      const [, file = ''] = moved.exec(await refusal([to])) ?? []
      expect((await run(stack, ['create', 'boss'])).err).toMatch(moved)
      await expect(stack.restartService()).rejects.toThrow(/content was moved to PostgreSQL/)
      const back = await run(stack, ['restore', file])
      expect(back).toMatchObject({ code: 0, err: '' })
      expect(await refusal([to])).toMatch(/the target is not empty: its table \w+ has rows/)
      await stack.restartService()
      expect((await signIn(stack, 'ming')).result.status).toBe('signedIn')
    },
  )
})
