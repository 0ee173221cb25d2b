import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

/** `npm run dev` in a copy of the working tree, whose files the tests edit. */

const root = fileURLToPath(new URL('../../..', import.meta.url))
const copy = mkdtempSync(join(tmpdir(), 'mianmi-dev-'))
const variables = [
  'PORT',
  'SANDBOX_PORT',
  'PLAYGROUND_PORT',
  'CONSOLE_PORT',
  'PLAYGROUND_SERVER_PORT',
  'MINI_PROGRAM_PORT',
] as const
type Variable = (typeof variables)[number]

let ports = {} as Record<Variable, string>
let ended: Promise<unknown[]>
let command: ReturnType<typeof spawn>

async function freePorts(): Promise<Record<Variable, string>> {
  const servers = variables.map(() => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const numbers = servers.map((server) => String((server.address() as AddressInfo).port))
  for (const server of servers) server.close()
  return Object.fromEntries(variables.map((name, index) => [name, numbers[index]])) as typeof ports
}

function copySources(): void {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\0')
  for (const file of files)
    if (file !== '' && statSync(join(root, file), { throwIfNoEntry: false })?.isFile())
      cpSync(join(root, file), join(copy, file))
}

const textOf = async (variable: Variable, path: string): Promise<string> =>
  (await fetch(`http://127.0.0.1:${ports[variable]}${path}`)).text().catch(() => '')

function edit(file: string, from: string, to: string): void {
  const path = join(copy, file)
  const before = readFileSync(path, 'utf8')
  expect(before, file).toContain(from)
  writeFileSync(path, before.replace(from, to))
}

/** While a process starts again nothing answers. */
const shows = (variable: Variable, path: string, text: string) =>
  expect
    .poll(() => textOf(variable, path).catch(() => ''), { timeout: 120_000, interval: 200 })
    .toContain(text)

beforeAll(async () => {
  copySources()
  ports = await freePorts()
  const { npm_config_package: _, ...env } = process.env
  command = spawn(process.execPath, [join(copy, 'scripts/dev.mjs')], {
    cwd: copy,
    env: { ...env, ...ports },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  ended = once(command, 'exit')
  let output = ''
  await new Promise<void>((resolve, reject) => {
    command.stdout?.on('data', (chunk) => {
      output += chunk
      if (output.includes('Ctrl+C stops everything.')) resolve()
    })
    command.once('exit', () => reject(new Error(`npm run dev has ended: ${output}`)))
  })
}, 400_000)

afterAll(async () => {
  command.kill('SIGKILL')
  rmSync(copy, { recursive: true, force: true, maxRetries: 5 })
})

it('an edit of the contract shows in the replies of the service', async () => {
  const message = 'Sign in first.'
  await shows('PORT', '/trpc/me', message)
  edit('packages/contracts/src/errors.ts', message, 'Sign in before that.')
  await shows('PORT', '/trpc/me', 'Sign in before that.')
}, 200_000)

it('an edit of the service shows', async () => {
  edit('apps/api/src/http/home-page.ts', 'is running.', 'runs well.')
  await shows('PORT', '/', 'runs well.')
}, 200_000)

it('an edit of the console shows', async () => {
  const path = '/admin/src/pages/settings/text.ts'
  await shows('CONSOLE_PORT', path, 'Loading settings')
  edit('apps/admin/src/pages/settings/text.ts', 'Loading settings', 'Reading settings')
  await shows('CONSOLE_PORT', path, 'Reading settings')
}, 200_000)

it('an edit of the mini program is built, and the playground compiles it', async () => {
  const slogan = '打开就已登录，不用再记密码'
  await shows('PLAYGROUND_PORT', '/app.json', slogan)
  edit('apps/miniprogram/src/pages/home/index.wxml', slogan, '改过的一句话')
  await shows('PLAYGROUND_PORT', '/app.json', '改过的一句话')
}, 200_000)

it('an edit of the playground shows', async () => {
  edit('apps/playground/src/page/index.html', 'id="people-form"', 'id="people-form" data-edited')
  await shows('PLAYGROUND_PORT', '/', 'data-edited')
}, 200_000)

it('SIGTERM ends everything', async () => {
  command.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  for (const variable of variables)
    await expect(textOf(variable, '/')).rejects.toThrow('fetch failed')
}, 60_000)
