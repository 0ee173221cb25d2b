import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { appId, appSecret, type Stack, startStack } from './stack.ts'

const program = fileURLToPath(new URL('../../api/dist/admin.js', import.meta.url))
const secretKey = Buffer.alloc(32, 'secret key 9').toString('base64')

/** Runs the built command on the database of the stack, or on another one. */
async function run({ cwd }: Stack, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: {
      PATH: process.env['PATH'],
      WECHAT_APPS: `${appId}:${appSecret}`,
      SECRET_KEY: secretKey,
      ...env,
    },
  })
  child.stdin.end()
  const streams = [text(child.stdout), text(child.stderr)]
  const [code] = await once(child, 'close')
  const [out = '', err = ''] = await Promise.all(streams)
  return { out, err, code }
}

async function post(url: string, input: object) {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
  return { status: reply.status, body: await reply.json() }
}

const loginCode = async ({ sandboxUrl }: Stack, user: string): Promise<string> =>
  (await post(`${sandboxUrl}/sandbox/login`, { appId, user })).body.code

/** The openid that WeChat gives a person, by the way that the old system has got it. */
async function openidOf(stack: Stack, user: string): Promise<string> {
  const query = new URLSearchParams({
    appid: appId,
    secret: appSecret,
    js_code: await loginCode(stack, user),
    grant_type: 'authorization_code',
  })
  const reply = await fetch(`${stack.sandboxUrl}/sns/jscode2session?${query}`)
  const { openid } = (await reply.json()) as { openid: string }
  return openid
}

async function bind(stack: Stack, user: string, credential: { account: string; password: string }) {
  const code = await loginCode(stack, user)
  return post(`${stack.url}/trpc/bind`, {
    proof: { appId, code },
    credential: { type: 'password', ...credential },
  })
}

/** Each of the password `horse 马`, by Python's hashlib and crypt(3). */
const hashes = {
  bcrypt: '$2y$05$abcdefghijklmnopqrstuuQGelix3ffBKKbEwCpqYuF.dgbqRtIr.',
  md5: 'md5$pepper$16e47cdb835b731ef1509f04d8cf2147',
}

function writeUsers({ cwd }: Stack, users: readonly object[]): string {
  const path = join(cwd, 'users.jsonl')
  writeFileSync(path, users.map((user) => `${JSON.stringify(user)}\n`).join(''))
  return path
}

const lastLine = (output: string) => JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')

it('imported users sign in silently by their openid, and by the password that they had', async () => {
  const stack = await startStack()
  const openid = await openidOf(stack, 'ming')
  const path = writeUsers(stack, [
    { id: 'ming', externalId: '1', identities: [{ appId, openid }] },
    { id: 'hong', externalId: '2', account: 'hong', passwordHash: hashes.bcrypt },
    { id: 'gang', externalId: '3', account: 'gang', passwordHash: hashes.md5 },
  ])
  const rehearsed = await run(stack, ['import', path, '--dry-run'])
  expect(rehearsed).toMatchObject({ code: 0, err: '' })
  const unknown = await post(`${stack.url}/trpc/miniLogin`, {
    appId,
    code: await loginCode(stack, 'ming'),
  })
  expect(unknown.body.result.data.status).toBe('unbound')
  const imported = await run(stack, ['import', path])
  expect(imported).toMatchObject({ code: 0, err: '' })
  expect(lastLine(imported.out)).toMatchObject({ lines: 3, created: 3 })
  expect(imported.out).toBe(rehearsed.out)

  const silent = await post(`${stack.url}/trpc/miniLogin`, {
    appId,
    code: await loginCode(stack, 'ming'),
  })
  expect(silent.body.result.data).toMatchObject({ status: 'signedIn', user: { id: 'ming' } })
  for (const account of ['hong', 'gang']) {
    const wrong = await bind(stack, `phone of ${account}`, { account, password: 'horse' })
    expect(wrong.body.error.data.reason).toBe('credential_rejected')
    const right = await bind(stack, `phone of ${account}`, { account, password: 'horse 马' })
    expect(right.body.result.data).toMatchObject({ status: 'signedIn', user: { id: account } })
  }
  const again = await run(stack, ['import', path])
  expect(lastLine(again.out)).toMatchObject({ created: 0 })

  const exported = await run(stack, ['export'])
  const users = exported.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  // The first right password has replaced each imported hash.
  expect(users.map(({ passwordHash = null }) => passwordHash)).toEqual([
    expect.stringMatching(/^\$argon2id\$/),
    expect.stringMatching(/^\$argon2id\$/),
    null,
  ])
})

it('an export goes into an empty service, and comes out with the same bytes', async () => {
  const stack = await startStack()
  const path = writeUsers(stack, [
    { externalId: '1', account: 'Ming', phone: '13912345678', passwordHash: hashes.md5 },
    { externalId: '2', identities: [{ appId, openid: 'o', unionid: 'u' }], nickname: '小明' },
  ])
  await run(stack, ['import', path])
  expect(await run(stack, ['export', '--phones', '--to', 'all.jsonl'])).toEqual({
    out: '2 users are in all.jsonl\n',
    err: '',
    code: 0,
  })
  const file = join(stack.cwd, 'all.jsonl')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).toContain('13912345678')
  const other = await startStack()
  expect((await run(other, ['import', file])).code).toBe(0)
  const back = await run(other, ['export', '--phones'])
  expect(back.out).toBe(readFileSync(file, 'utf8'))
  expect((await run(other, ['export'])).out).not.toContain('13912345678')
})

it('says which lines were left out, ends with code 1, and imports the others', async () => {
  const stack = await startStack()
  const path = writeUsers(stack, [
    { account: 'ming', passwordHash: 'a plain password' },
    { account: 'hong', phone: '13912345678' },
    { account: 'Hong' },
  ])
  const { out, err, code } = await run(stack, ['import', path])
  expect(code).toBe(1)
  expect(err).toBe('admin: some lines were left out; each is named above, with the reason\n')
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toEqual([
    { line: 1, status: 'invalid', problem: 'passwordHash: no hash of a known scheme' },
    { line: 3, status: 'repeated', field: 'account', earlierLine: 2 },
    expect.objectContaining({ lines: 3, created: 1, invalid: 1, repeated: 1 }),
  ])
  expect(out).not.toMatch(/plain|13912345678/)
})

it('refuses a file that is not there, one that is there already, another key and wrong arguments', async () => {
  const stack = await startStack()
  const missing = await run(stack, ['import', 'missing.jsonl'])
  expect(missing).toMatchObject({ out: '', code: 1 })
  expect(missing.err).toMatch(/^admin: the file cannot be read: ENOENT.*missing\.jsonl/)
  const path = writeUsers(stack, [{ account: 'ming' }])
  const foreign = { SECRET_KEY: Buffer.alloc(32, 'another key').toString('base64') }
  for (const args of [['import', path], ['import', path, '--dry-run'], ['export']]) {
    const refused = await run(stack, args, foreign)
    expect(refused).toMatchObject({ out: '', code: 1 })
    expect(refused.err).toMatch(/SECRET_KEY does not list/)
  }
  for (const args of [
    ['import'],
    ['import', path, path],
    ['import', path, '--force'],
    ['export', 'x'],
  ])
    expect((await run(stack, args)).err).toMatch(/^admin: usage: (import|export) /)
  const taken = await run(stack, ['export', '--to', 'users.jsonl'])
  expect(taken).toMatchObject({ code: 1 })
  expect(taken.err).toBe('admin: users.jsonl exists already, and no file is overwritten\n')
  const nowhere = await run(stack, ['export', '--to', 'no/users.jsonl'])
  expect(nowhere.err).toMatch(
    /^admin: \S+no\/users\.jsonl cannot be written: its folder does not exist\n$/,
  )
  expect(readFileSync(path, 'utf8')).toContain('ming')
  expect(readdirSync(stack.cwd).filter((name) => name.endsWith('.partial'))).toEqual([])
  const elsewhere = await run(stack, ['export'], { DATABASE_URL: 'file:other.db' })
  expect(elsewhere.code).toBe(1)
  expect(existsSync(join(stack.cwd, 'other.db'))).toBe(false)
})

it('has a line in the audit log for each import and export', async () => {
  const stack = await startStack()
  const path = writeUsers(stack, [{ account: 'ming' }])
  await run(stack, ['import', path, '--dry-run'])
  await run(stack, ['import', path])
  await run(stack, ['export'])
  await run(stack, ['export', '--phones'])
  await stack.stopService()
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(join(stack.cwd, '.data/mianmi.db'), { readOnly: true })
  const rows = database
    .prepare("select action, outcome from audit_events where action like 'command.%' order by id")
    .all()
  database.close()
  const lines = rows.map(({ action, outcome }) => `${action} ${outcome}`)
  expect(lines).toEqual(
    ['import', 'export', 'exportPhones'].flatMap((name) => [
      `command.${name} started`,
      `command.${name} ok`,
    ]),
  )
})

it('an export whose reader goes away ends without a stack, and has its outcome in the audit log', async () => {
  const stack = await startStack()
  const users = Array.from({ length: 3_000 }, (_, index) => ({
    externalId: String(index),
    nickname: 'x'.repeat(32),
  }))
  await run(stack, ['import', writeUsers(stack, users)])
  const child = spawn(process.execPath, [program, 'export'], {
    cwd: stack.cwd,
    env: { PATH: process.env['PATH'], SECRET_KEY: secretKey },
  })
  child.stdin.end()
  child.stdout.once('data', () => child.stdout.destroy())
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  expect(code).toBe(1)
  expect(err).toMatch(/^admin: .*EPIPE[^\n]*\n$/)
  await stack.stopService()
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(join(stack.cwd, '.data/mianmi.db'), { readOnly: true })
  const rows = database
    .prepare("select outcome from audit_events where action = 'command.export' order by id")
    .all()
  database.close()
  expect(rows.map(({ outcome }) => outcome)).toEqual(['started', 'internal'])
})

it('an export that is interrupted leaves no file', async () => {
  const stack = await startStack()
  const users = Array.from({ length: 10_000 }, (_, index) => ({ externalId: String(index) }))
  await run(stack, ['import', writeUsers(stack, users)])
  const files = () => readdirSync(stack.cwd).filter((name) => name.startsWith('all.jsonl'))
  const appeared = Promise.withResolvers<void>()
  const watcher = watch(stack.cwd, () => files().length > 0 && appeared.resolve())
  const child = spawn(process.execPath, [program, 'export', '--to', 'all.jsonl'], {
    cwd: stack.cwd,
    env: { PATH: process.env['PATH'], SECRET_KEY: secretKey },
  })
  await appeared.promise
  watcher.close()
  child.kill('SIGINT')
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  expect({ err, code }).toEqual({
    err: 'admin: interrupted by SIGINT; no file was written\n',
    code: 1,
  })
  expect(files()).toEqual([])
})

it('the report of an import is whole, however late its reader takes it', async () => {
  const stack = await startStack()
  const path = writeUsers(
    stack,
    Array.from({ length: 20_000 }, () => ({ passwordHash: 'a plain password' })),
  )
  const child = spawn(process.execPath, [program, 'import', path, '--dry-run'], {
    cwd: stack.cwd,
    env: {
      PATH: process.env['PATH'],
      WECHAT_APPS: `${appId}:${appSecret}`,
      SECRET_KEY: secretKey,
    },
  })
  child.stdin.end()
  // The last that the command writes: what it has reported is still on its way.
  await once(child.stderr, 'data')
  const lines = (await text(child.stdout)).trimEnd().split('\n')
  expect(lines).toHaveLength(20_001)
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ lines: 20_000, invalid: 20_000 })
})
