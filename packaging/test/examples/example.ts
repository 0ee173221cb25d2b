import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, inject, it } from 'vitest'
import { entryPoints } from '../published.ts'

/** An example of examples/: its own backend, the sandbox WeChat and the simulator from their tarballs, in jsdom. */

const project = inject('project')
export const repository = join(import.meta.dirname, '../../..')
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

interface ExampleOptions {
  /** The folder of the example's copy. */
  folder: string
  /** The script of the backend. */
  server: string
  /** Builds the mini program for the backend at this address. Returns the folder that a phone loads. */
  build(host: string): Promise<string>
}

export interface Example {
  host: string
  phone: Phone
  storage: { getItem(key: string): string | null }
  uncaught: unknown[]
  /** What WeChat does at each login: a fault of the sandbox. */
  setFault(kind: 'busy' | 'none'): Promise<unknown>
  /** Ends the backend, as a crash does. Returns how to start it again, at the same address and without its data. */
  endBackend(): Promise<() => Promise<void>>
  stop(): Promise<void>
}

/** The file in the tarball that `import` of this entry point takes. */
async function published(id: string) {
  const name = id.split('/').slice(0, 2).join('/')
  const entry = entryPoints(project, name).find((one) => one.id === id)
  return import(pathToFileURL(entry?.file ?? '').href)
}

/** A copy of an example outside the repository, or in the given folder. */
export function copyExample(name: string, parent: string = tmpdir()): string {
  const folder = realpathSync(mkdtempSync(join(parent, `mianmi-${name}-`)))
  const isSource = (file: string) => !['node_modules', 'dist', 'vendor'].includes(basename(file))
  cpSync(join(repository, 'examples', name), folder, { recursive: true, filter: isSource })
  return folder
}

/** Runs a program to its end. npx, which starts the checks, says by a variable which package npm shall run. */
export async function run(command: string, args: string[], cwd: string): Promise<string> {
  const { npm_config_package: _, ...env } = process.env
  const shell = process.platform === 'win32'
  const { stdout } = await promisify(execFile)(command, args, { cwd, env, shell })
  return stdout
}

/** `npm install` in a mini program, and 构建 npm. Returns what it reports. */
export async function buildNpm(folder: string, packages: string[]): Promise<unknown> {
  mkdirSync(join(folder, 'vendor'), { recursive: true })
  for (const name of packages) {
    const tarball = join(repository, 'packages', name, 'lib/package.tgz')
    cpSync(tarball, join(folder, 'vendor', `mianmi-${name}-0.1.0.tgz`))
  }
  const root = join(folder, 'miniprogram')
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  await run('npm', install, root)
  const script = join(import.meta.dirname, '../pack-npm.mjs')
  const args = [script, join(root, 'package.json'), root]
  return JSON.parse(await run(process.execPath, args, root))
}

async function startBackend(server: string, wechat: string, port = '0') {
  const env = { ...process.env, WECHAT_API_URL: wechat, APP_ID: appId, PORT: port }
  // Node before 22.18 runs TypeScript with a flag only.
  const flags = process.features.typescript ? [] : ['--experimental-strip-types']
  const stdio = ['ignore', 'pipe', 'inherit'] as const
  const args = [...flags, server]
  const child: ChildProcess = spawn(process.execPath, args, { env, stdio: [...stdio] })
  const [address] = await once(createInterface({ input: child.stdout ?? process.stdin }), 'line')
  const stop = async () => {
    const exit = once(child, 'exit')
    child.kill()
    await exit
  }
  return { host: String(address), stop }
}

export async function startExample({ folder, server, build }: ExampleOptions): Promise<Example> {
  const { createSandbox } = await published('@mianmi/wechat-sandbox')
  const { createSimulator } = await published('@mianmi/simulator')
  const { compileMiniProgram } = await published('@mianmi/simulator/compile')
  const { createMemoryStorage, createWx } = await published('@mianmi/wechat-sandbox/wx')
  const sandbox = createSandbox({ now: () => Date.now() }).app
  const sandboxUrl = await sandbox.listen({ port: 0 })
  let backend = await startBackend(server, sandboxUrl)
  const { host } = backend
  const storage = createMemoryStorage()
  const phone: Phone = createSimulator({
    container: document.body.appendChild(document.createElement('div')),
    app: await compileMiniProgram(await build(host)),
    wx: (screen: object) => createWx({ appId, user: 'lin', sandboxUrl, storage, screen }),
  })
  const uncaught: unknown[] = []
  phone.onError((error) => uncaught.push(error))
  const endBackend = async () => {
    await backend.stop()
    return async () => {
      backend = await startBackend(server, sandboxUrl, new URL(host).port)
    }
  }
  const setFault = (kind: string) => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ kind })
    return fetch(`${sandboxUrl}/sandbox/fault`, { method: 'POST', headers, body })
  }
  const stop = async () => {
    phone.destroy()
    await backend.stop()
    await sandbox.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { host, phone, storage, uncaught, setFault, endBackend, stop }
}

/** What each example does: its page has `user`, `order`s, `sign-in`, `sign-out`, `error` and `retry`. */
export function testExample(example: () => Example): void {
  const find = (id: string) =>
    example().phone.currentPage().querySelector<HTMLElement>(`[data-testid=${id}], #${id}`)
  const orders = () =>
    [...example().phone.currentPage().querySelectorAll('[data-testid=order], .order')].map(
      (one) => one.textContent,
    )
  const list = ['用户 1 的订单 1', '用户 1 的订单 2']

  it('signs in at the first launch, and lists what only the user gets', async () => {
    await example().phone.launch()
    await expect.poll(orders).toEqual(list)
    expect(find('user')?.textContent).toBe('用户 1')
  })

  it('stays signed in at the next launch', async () => {
    const { phone, storage } = example()
    await expect.poll(() => storage.getItem(stored)).toContain('accessToken')
    const before = storage.getItem(stored)
    await phone.relaunch()
    await expect.poll(orders).toEqual(list)
    expect(storage.getItem(stored)).toBe(before)
  })

  it('stays signed out at the next launch, and signs the same user in again', async () => {
    const { phone, storage, uncaught } = example()
    find('sign-out')?.click()
    await expect.poll(orders).toEqual([])
    // The phone keeps it a moment later.
    await expect.poll(() => storage.getItem(stored)).toContain('signedOut')
    await phone.relaunch()
    await expect.poll(() => find('sign-in')).not.toBeNull()
    expect(find('error')).toBeNull()
    find('sign-in')?.click()
    await expect.poll(orders).toEqual(list)
    expect(uncaught).toEqual([])
  })

  it('shows a failure without signing out, and gets the list by a tap on “retry”', async () => {
    const { endBackend, phone, uncaught } = example()
    const startAgain = await endBackend()
    await phone.relaunch()
    await expect.poll(() => find('error')?.textContent).toBeTruthy()
    expect(find('user')?.textContent).toBe('用户 1')
    await startAgain()
    find('retry')?.click()
    await expect.poll(orders).toEqual(list)
    expect([find('error'), find('retry'), find('sign-in')]).toEqual([null, null, null])
    expect(uncaught).toEqual([])
  })

  it('shows a refused sign-in without signing out, and gets the list by a tap on “retry”', async () => {
    const { endBackend, phone, setFault, uncaught } = example()
    const startAgain = await endBackend() // it does not know the token any more
    await startAgain()
    await setFault('busy')
    await phone.relaunch()
    await expect.poll(() => find('error')?.textContent).toBeTruthy()
    expect(find('user')?.textContent).toBe('用户 1')
    await setFault('none')
    find('retry')?.click()
    await expect.poll(orders).toEqual(list)
    expect([find('error'), find('retry'), find('sign-in')]).toEqual([null, null, null])
    expect(uncaught).toEqual([])
  })
}

/** Without blank lines. */
export const linesOf = (file: string): string[] =>
  readFileSync(join(repository, 'examples', file), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
