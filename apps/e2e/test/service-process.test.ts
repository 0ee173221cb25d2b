import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { RunningProcess } from '@mianmi/api/testing/process'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { start } from './start-process.ts'

let folder = ''
let started: RunningProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mianmi-process-'))
})

afterEach(async () => {
  await Promise.all(started.map((running) => running.stop('SIGKILL')))
  started = []
  rmSync(folder, { recursive: true })
})

function run(env: Record<string, string>): RunningProcess {
  const running = start('service', { cwd: folder, env: { PORT: '0', ...env } })
  started.push(running)
  return running
}

function countUsers(file: string): unknown {
  const database = new Sqlite(file, { readonly: true })
  try {
    return database.prepare('select count(*) from users').pluck().get()
  } finally {
    database.close()
  }
}

const production = {
  NODE_ENV: 'production',
  WECHAT_APPS: 'wx0000000000000001:the-app-secret',
  SECRET_KEY: Buffer.alloc(32, 'secret key 1').toString('base64'),
}

/** Every built program, from the root of the repository. */
const programs = [
  'apps/api/dist/main.js',
  'apps/api/dist/admin.js',
  'apps/api/dist/backup.js',
  'packages/wechat-sandbox/dist/main.js',
  'apps/playground/dist/main.js',
]

/** Runs a built program to its end, in the empty folder. */
async function runProgram(file: string, args: readonly string[]) {
  const path = fileURLToPath(new URL(`../../../${file}`, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
  })
  const printed = [text(child.stdout), text(child.stderr)]
  const [code] = await once(child, 'close')
  const [out = '', err = ''] = await Promise.all(printed)
  return { code, out, err }
}

/** Resolves when the process has printed the words; the limit of the test ends the wait. */
function untilPrinted({ child }: RunningProcess, words: string): Promise<void> {
  return new Promise((resolve) => {
    child.stdout?.on('data', (chunk) => String(chunk).includes(words) && resolve())
  })
}

describe('the built service as a process', () => {
  it.each([
    ['WECHAT_APPS', ''],
    ['WECHAT_APPS', 'wx0000000000000001:'],
    ['SECRET_KEY', ''],
    ['SECRET_KEY', 'dG9vIHNob3J0'],
    ['DATABASE_URL', 'oracle:x'],
  ])(
    '%s=%j makes the start fail with exit code 1 and one line that names the variable',
    async (name, value) => {
      const { output, ended } = run({ ...production, [name]: value })
      expect(await ended).toBe(1)
      expect(output.stderr.trimEnd().split('\n')).toHaveLength(1)
      expect(output.stderr).toContain(name)
      expect(output.stdout + output.stderr).not.toContain('the-app-secret')
    },
  )

  it.each([
    ['a port in use', { HOST: '127.0.0.1' }, /PORT \d+ on HOST 127\.0\.0\.1 is in use/],
    ['an address of another machine', { HOST: '192.0.2.1' }, /HOST 192\.0\.2\.1 /],
    ['an unknown host name', { HOST: 'nowhere.invalid' }, /HOST nowhere\.invalid /],
  ])('%s makes the start fail with one line that names the variable', async (_title, env, line) => {
    const first = run(production)
    const { port } = new URL(await first.listening)
    const second = run({ ...production, PORT: port, ...env })
    expect(await second.ended).toBe(1)
    expect(second.output.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(second.output.stderr).toMatch(line)
  })

  it.each([
    ['a folder', 'file:folder', 'folder', 'it is a folder'],
    ['a file that is no database', 'file:text', 'text', 'not a SQLite database'],
    ['a path below a file', 'file:text/sub/test.db', 'text/sub/test.db', 'below a file'],
    ['a host', 'file://elsewhere/test.db', 'file://host/', 'not supported'],
  ])(
    'DATABASE_URL with %s makes the start fail with one line',
    async (_title, url, path, reason) => {
      mkdirSync(join(folder, 'folder'))
      writeFileSync(
        join(folder, 'text'),
        'This is a text of more than a hundred bytes.\n'.repeat(9),
      )
      const { output, ended } = run({ ...production, DATABASE_URL: url })
      expect(await ended).toBe(1)
      expect(output.stderr.trimEnd().split('\n')).toHaveLength(1)
      for (const part of ['DATABASE_URL', path, reason]) expect(output.stderr).toContain(part)
      expect(readFileSync(join(folder, 'text'), 'utf8')).toMatch(/^This is a text/)
    },
  )

  it('a variable one edit away from a known one is reported, without its value', async () => {
    const service = run({ ...production, RATE_LIMIT_FACTR: 'a value' })
    await service.listening
    expect(service.output.stdout).toContain(
      'RATE_LIMIT_FACTR is unknown; was RATE_LIMIT_FACTOR meant?',
    )
    expect(service.output.stdout).not.toContain('a value')
  })

  it.each(programs)(
    '%s --help and --version print their text and do nothing else',
    async (file) => {
      for (const [flag, line] of [
        ['--help', /Usage: node \w+\.js/],
        ['-h', /Usage: node \w+\.js/],
        ['--version', /^\d+\.\d+\.\d+\n$/],
      ] as const) {
        const { code, out, err } = await runProgram(file, [flag])
        expect({ code, err }).toEqual({ code: 0, err: '' })
        expect(out).toMatch(line)
      }
      expect(readdirSync(folder)).toEqual([])
    },
  )

  it.each([programs[0], programs[3], programs[4]])(
    '%s refuses an unknown argument',
    async (file = '') => {
      const { code, out, err } = await runProgram(file, ['--port', '80'])
      expect({ code, out }).toEqual({ code: 1, out: '' })
      expect(err).toMatch(/^[\w ]+: unknown argument --port; see --help\n$/)
    },
  )

  it('only the user that runs it can read the files that it writes', async () => {
    await run({}).listening
    const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)))
    expect(files.length).toBeGreaterThan(3)
    for (const file of files) expect([file, statSync(file).mode & 0o077]).toEqual([file, 0])
  })

  it('further signals drop no request in flight', async () => {
    const service = run(production)
    const { hostname, port } = new URL(await service.listening)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    const head = 'POST /trpc/miniLogin HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n'
    const body = JSON.stringify({ appId: 'wx0000000000000009', code: 'x' })
    // The service is waiting for the rest of this request.
    socket.write(`${head}content-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`)
    await (await fetch(`http://${hostname}:${port}/healthz`)).text()
    service.child.kill('SIGTERM')
    await untilPrinted(service, 'stopping')
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGINT', 'SIGTERM'] as const)
      service.child.kill(signal)
    const reply = text(socket)
    socket.write(body.slice(5))
    expect(await reply).toContain('app_unknown')
    expect(await service.ended).toBe(0)
  })

  it('in development it needs no configuration and keeps its generated secrets and demo accounts', async () => {
    const first = run({})
    const url = await first.listening
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    const file = join(folder, '.data', 'development.json')
    const generated = readFileSync(file, 'utf8')
    expect(statSync(file).mode & 0o077).toBe(0)
    // A demo user and a demo administrator.
    expect(countUsers(join(folder, '.data', 'mianmi.db'))).toBe(2)
    expect(await first.stop()).toBe(0)
    await run({}).listening
    expect(readFileSync(file, 'utf8')).toBe(generated)
  })

  it.each(['', '{', '{}', '[]'])(
    'a development.json of %j makes the start fail with one line',
    async (text) => {
      mkdirSync(join(folder, '.data'))
      writeFileSync(join(folder, '.data', 'development.json'), text)
      const { output, ended } = run({})
      expect(await ended).toBe(1)
      expect(output.stderr).toMatch(/^mianmi: \.data.development\.json cannot be used .+\n$/)
      expect(readFileSync(join(folder, '.data', 'development.json'), 'utf8')).toBe(text)
    },
  )

  it('concurrent first starts in development use the same secrets', async () => {
    const services = Array.from({ length: 4 }, () => run({}))
    const keys = services.map(async ({ listening }) =>
      (await fetch(`${await listening}/.well-known/jwks.json`)).json(),
    )
    const [first, ...others] = await Promise.all(keys)
    for (const each of others) expect(each).toEqual(first)
    const names = readdirSync(join(folder, '.data'))
    expect(names.filter((name) => name.startsWith('development'))).toEqual(['development.json'])
    expect(countUsers(join(folder, '.data', 'mianmi.db'))).toBe(2)
  })

  it('in development without its secrets it leaves a database alone that needs them', async () => {
    const first = run({})
    await first.listening
    expect(await first.stop()).toBe(0)
    const file = join(folder, '.data', 'development.json')
    const kept = readFileSync(file)
    rmSync(file)
    const { output, ended } = run({})
    expect(await ended).toBe(1)
    expect(output.stderr).toMatch(/^mianmi: \.data.development\.json is gone, .+mianmi\.db.+\n$/)
    expect(existsSync(file)).toBe(false)
    writeFileSync(file, kept)
    await run({}).listening
  })

  it('in production it generates no secrets and no demo account', async () => {
    await run(production).listening
    expect(existsSync(join(folder, '.data', 'development.json'))).toBe(false)
    expect(countUsers(join(folder, '.data', 'mianmi.db'))).toBe(0)
  })

  it('SIGTERM ends it with exit code 0 while an idle connection is open', async () => {
    const service = run(production)
    const { hostname, port } = new URL(await service.listening)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    const closed = once(socket, 'close')
    expect(await service.stop()).toBe(0)
    await closed
  })

  it('eight concurrent starts on one new database use the same signing key', async () => {
    const starts = Array.from({ length: 8 }, () => run(production))
    const urls = await Promise.all(starts.map(({ listening }) => listening))
    const keySets = await Promise.all(
      urls.map(async (url) => (await fetch(`${url}/.well-known/jwks.json`)).json()),
    )
    const keyIds = keySets.flatMap(({ keys }: { keys: { kid: string }[] }) =>
      keys.map(({ kid }) => kid),
    )
    expect(keyIds).toEqual(Array(8).fill(expect.stringMatching(/./)))
    expect(new Set(keyIds).size).toBe(1)
  })
})
