import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createMemoryStorage, createWx } from '@mianmi/wechat-sandbox/wx'
import * as wxSession from '@mianmi/wx-session'
import * as native from '@mianmi/wx-session/native'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startBackend, startIntrospection } from './llms/backend.ts'
import { appId, appSecret, type Stack, startStack } from './stack.ts'

/** docs/llms.txt is all that a coding agent reads: its code signs in as it is, with its addresses replaced. */

const text = readFileSync(join(import.meta.dirname, '../../../docs/llms.txt'), 'utf8')
const sections = new Map(text.split(/^## /m).map((part) => [part.split('\n')[0] ?? '', part]))

/** The files of a section, by the name in their first line. */
function filesOf(title: string): Map<string, string> {
  const part = [...sections].find(([heading]) => heading.startsWith(title))?.[1] ?? ''
  const blocks = [...part.matchAll(/^```js\n\/\/ ([\w/.-]+)([^\n]*\n[\s\S]*?)^```$/gm)]
  return new Map(blocks.map(([, name = '', code = '']) => [name, `//${code}`]))
}

interface Hosts {
  readonly 'https://api.example.com'?: string
  readonly 'https://id.example.com'?: string
}

/** Loads scripts as WeChat does: `require`, `wx`, `App` and `Page` are there. */
function openMiniProgram(stack: Stack, files: Map<string, string>, hosts: Hosts) {
  const sandboxUrl = stack.sandboxUrl
  const storage = createMemoryStorage()
  const loaded = new Map<string, unknown>()
  const found: { app?: { onLaunch(): void }; page?: PageDefinition } = {}
  const wx = createWx({ appId, user: 'ming', sandboxUrl, storage })
  const load = (file: string): unknown => {
    if (loaded.has(file)) return loaded.get(file)
    const module = { exports: {} }
    const require = (name: string) => {
      if (name.startsWith('.')) return load(`${join(dirname(file), name)}.js`)
      return name.endsWith('/native') ? native : wxSession
    }
    let code = files.get(file) ?? ''
    for (const [address, replacement] of Object.entries(hosts))
      code = code.replaceAll(address, replacement ?? address)
    const scope = {
      require,
      module,
      wx,
      App: (app: { onLaunch(): void }) => Object.assign(found, { app }),
      Page: (page: PageDefinition) => Object.assign(found, { page }),
    }
    new Function(...Object.keys(scope), code)(...Object.values(scope))
    loaded.set(file, module.exports)
    return module.exports
  }
  return { load, found }
}

interface PageDefinition {
  onLoad(): Promise<void>
}

function definition(page: PageDefinition | undefined): PageDefinition {
  if (page === undefined) throw new Error('the script has called no Page')
  return page
}

it('Variant A signs in with a backend of its own, renews a token, and keeps a sign-out', async () => {
  vi.stubGlobal('Behavior', (behavior: object) => behavior)
  onTestFinished(() => void vi.unstubAllGlobals())
  const stack = await startStack()
  const files = filesOf('Variant A')
  expect([...files.keys()]).toEqual(['session.js', 'app.js', 'pages/home/index.js', 'login.mjs'])
  const env = { APP_ID: appId, APP_SECRET: appSecret, WECHAT_API_URL: stack.sandboxUrl }
  const backend = await startBackend(files.get('login.mjs') ?? '', env)
  const { load, found } = openMiniProgram(stack, files, { 'https://api.example.com': backend.url })
  load('app.js')
  load('pages/home/index.js')
  found.app?.onLaunch()
  const shown: Record<string, unknown> = {}
  const page = { ...definition(found.page), setData: (data: object) => Object.assign(shown, data) }
  await page.onLoad()
  expect(shown).toEqual({ orders: ['an order of user 1'] })
  expect(backend.logins()).toBe(1)

  await backend.forgetTokens()
  await page.onLoad()
  expect(shown).toEqual({ orders: ['an order of user 1'] })
  expect(backend.logins()).toBe(2)

  const session = load('session.js') as ReturnType<typeof wxSession.createSession>
  await session.signOut()
  await session.launch()
  expect(session.state).toMatchObject({ status: 'signedOut' })
  expect(backend.logins()).toBe(2)
})

it('Variant B signs in with mianmi, binds once, and its backend asks whose token it is', async () => {
  const stack = await startStack()
  const files = filesOf('Variant B')
  expect([...files.keys()]).toEqual(['session.js', 'introspect.mjs'])
  const { load } = openMiniProgram(stack, files, { 'https://id.example.com': stack.url })
  const { session, bind, register, signOut } = load('session.js') as {
    session: ReturnType<typeof wxSession.createSession>
    bind(account: string, password: string): Promise<void>
    register(account: string, password: string): Promise<void>
    signOut(): Promise<void>
  }
  const state = await session.launch()
  if (state.status !== 'unbound') throw new Error(state.status)
  await expect(bind('nobody', 'wrong password')).rejects.toMatchObject({
    data: { reason: 'credential_rejected' },
  })
  await register('ming', 'a long password of today')
  expect(session.state).toMatchObject({ status: 'signedIn' })
  // The same identity is signed in silently from now on.
  expect(await session.signIn()).toMatchObject({ status: 'signedIn', user: { account: 'ming' } })
  const introspect = await startIntrospection(stack, files.get('introspect.mjs') ?? '')
  await session.authorized(async (token) => {
    expect(await introspect(token)).toMatchObject({ active: true, aud: appId })
    expect(await introspect(`${token}x`)).toBeNull()
  })
  expect(await introspect('')).toBeNull()

  // The session ends at mianmi too.
  const token = await session.authorized(async (accessToken) => accessToken)
  await signOut()
  expect(session.state).toMatchObject({ status: 'signedOut' })
  await expect.poll(() => introspect(token)).toBeNull()
})
