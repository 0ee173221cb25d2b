// @vitest-environment jsdom
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { entryPoints } from './published.ts'

/** examples/native, as its README says: from the tarball, by 构建 npm, with its own backend, in the simulator. */

const project = inject('project')
const repository = join(import.meta.dirname, '../..')
const source = join(repository, 'examples/native')
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mianmi-native-')))
const root = join(folder, 'miniprogram')
const appId = 'wx6d69616e6d690001'
/** Where the sandbox keeps the session of the person who holds the phone. */
const stored = `wx:${appId}:lin:wx-session`

interface Phone {
  launch(): Promise<void>
  relaunch(): Promise<void>
  currentPage(): Element
  destroy(): void
  onError(listener: (error: unknown) => void): void
}

/** The file in the tarball that `import` of this entry point takes. */
async function published(id: string) {
  const name = id.split('/').slice(0, 2).join('/')
  const entry = entryPoints(project, name).find((one) => one.id === id)
  return import(pathToFileURL(entry?.file ?? '').href)
}

async function buildNpm(): Promise<unknown> {
  cpSync(source, folder, { recursive: true })
  mkdirSync(join(folder, 'vendor'), { recursive: true })
  const tarball = join(repository, 'packages/wx-session/lib/package.tgz')
  cpSync(tarball, join(folder, 'vendor/mianmi-wx-session-0.1.0.tgz'))
  // npx, which starts the checks, says by this variable which package npm shall run.
  const { npm_config_package: _, ...env } = process.env
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  const shell = process.platform === 'win32'
  await promisify(execFile)('npm', install, { cwd: root, env, shell })
  const script = join(import.meta.dirname, 'pack-npm.mjs')
  const args = [script, join(root, 'package.json'), root]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout)
}

async function startBackend(wechat: string): Promise<string> {
  const env = { ...process.env, WECHAT_API_URL: wechat, APP_ID: appId, PORT: '0' }
  const stdio = ['ignore', 'pipe', 'inherit'] as const
  backend = spawn(process.execPath, [join(folder, 'server/index.mjs')], { env, stdio: [...stdio] })
  const [address] = await once(createInterface({ input: backend.stdout ?? process.stdin }), 'line')
  return String(address)
}

async function createPhone(sandboxUrl: string): Promise<Phone> {
  const { createSimulator } = await published('@mianmi/simulator')
  const { compileMiniProgram } = await published('@mianmi/simulator/compile')
  const { createMemoryStorage, createWx } = await published('@mianmi/wechat-sandbox/wx')
  storage = createMemoryStorage()
  return createSimulator({
    container: document.body.appendChild(document.createElement('div')),
    app: await compileMiniProgram(root),
    wx: (screen: object) => createWx({ appId, user: 'lin', sandboxUrl, storage, screen }),
  })
}

const find = (id: string) => phone.currentPage().querySelector<HTMLElement>(`[data-testid=${id}]`)
const orders = () =>
  [...phone.currentPage().querySelectorAll('[data-testid=order]')].map((one) => one.textContent)
const list = ['用户 1 的订单 1', '用户 1 的订单 2']

let report: unknown
let host: string
let phone: Phone
let storage: { getItem(key: string): string | null }
let backend: ChildProcess
let sandbox: { listen(options: object): Promise<string>; close(): Promise<void> }
const uncaught: unknown[] = []

beforeAll(async () => {
  report = await buildNpm()
  const { createSandbox } = await published('@mianmi/wechat-sandbox')
  sandbox = createSandbox({ now: () => Date.now() }).app
  const wechat = await sandbox.listen({ port: 0 })
  host = await startBackend(wechat)
  writeFileSync(join(root, 'config.js'), `module.exports = { host: '${host}' }`)
  phone = await createPhone(wechat)
  phone.onError((error) => uncaught.push(error))
})

afterAll(async () => {
  phone?.destroy()
  backend?.kill()
  await sandbox?.close()
  rmSync(folder, { recursive: true, force: true })
})

it('构建 npm packs wx-session, and warns of nothing', () => {
  expect(report).toEqual({ miniProgramPackNum: 1, otherNpmPackNum: 0, warnList: [] })
})

it('signs in at the first launch, and lists what only the user gets', async () => {
  await phone.launch()
  await expect.poll(orders).toEqual(list)
  expect(find('user')?.textContent).toBe('用户 1')
})

it('stays signed in at the next launch', async () => {
  await expect.poll(() => storage.getItem(stored)).toContain('accessToken')
  const before = storage.getItem(stored)
  await phone.relaunch()
  await expect.poll(orders).toEqual(list)
  expect(storage.getItem(stored)).toBe(before)
})

it('stays signed out at the next launch, and signs the same user in again', async () => {
  find('sign-out')?.click()
  expect(orders()).toEqual([])
  // The phone keeps it a moment later.
  await expect.poll(() => storage.getItem(stored)).toContain('signedOut')
  await phone.relaunch()
  await expect.poll(() => find('sign-in')).not.toBeNull()
  expect(find('error')).toBeNull()
  find('sign-in')?.click()
  await expect.poll(orders).toEqual(list)
  expect(uncaught).toEqual([])
})

it('the backend refuses what it must', async () => {
  const login = (body: string) => fetch(`${host}/login`, { method: 'POST', body })
  const statusOf = async (reply: Promise<Response>) => (await reply).status
  expect(await statusOf(fetch(`${host}/orders`))).toBe(401)
  expect(await statusOf(fetch(`${host}/orders`, { headers: { authorization: 'Bearer x' } }))).toBe(
    401,
  )
  expect(await statusOf(login('{'))).toBe(400)
  expect(await statusOf(login('null'))).toBe(400)
  const refused = await login('{ "code": "made-up" }')
  expect([refused.status, await refused.json()]).toEqual([400, { reason: 'code_rejected' }])
})

/** Without blank lines. */
const linesOf = (file: string) =>
  readFileSync(join(repository, 'examples', file), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')

// The first file is for the sign-in alone; its first line says so.
it.each([
  [
    'native/miniprogram/session.js',
    'native/miniprogram/app.js',
    'native/miniprogram/pages/home/index.js',
  ],
  ['uni-app/src/session.js', 'uni-app/src/App.vue', 'uni-app/src/pages/home/index.vue'],
  ['taro/src/session.js', 'taro/src/app.jsx', 'taro/src/pages/home/index.jsx'],
])('%s and the marked lines elsewhere are at most 15', (session, ...others) => {
  const marked = others.flatMap(linesOf).filter((line) => line.endsWith('// sign-in'))
  expect(marked.length).toBeGreaterThanOrEqual(5)
  expect(linesOf(session).length - 1 + marked.length).toBeLessThanOrEqual(15)
})

it('the backend has at most 60 lines', () => {
  expect(linesOf('native/server/index.mjs').length).toBeLessThanOrEqual(60)
})
