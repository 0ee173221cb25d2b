import { createContext, runInContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FakePlatform } from './fixtures/fake-platform.ts'
import { bundle } from './fixtures/phone-bundle.ts'
import { startService, type TestService } from './fixtures/trpc-service.ts'

const at = (file: string) => new URL(`../src/${file}`, import.meta.url).pathname
const source = `
import { createWxClient, wxLink } from '@mianmi/wx-link/client'
import { createSession } from '${at('index.ts')}'
import { sessionLink } from '${at('trpc.ts')}'
import { createScopes } from '${at('scopes.ts')}'
import { createPrivacyBroker } from '${at('privacy.ts')}'
import { actionOfWxError } from '${at('actions.ts')}'
const sender = wxLink({ url: wx.url, request: wx.request })
const service = createWxClient({ links: [sender] })
const session = createSession({
  wx,
  exchange: (code) => service.miniLogin.mutate({ code }),
  refresh: (refreshToken) => service.refresh.mutate({ refreshToken }),
})
const api = createWxClient({ links: [sessionLink(session), sender] })
export const launch = async () => (await session.launch()).status
export const me = () => api.me.query()
export const pay = (cents) => api.pay.mutate({ cents })
export const location = () => createScopes({ wx }).ensure('scope.userLocation')
export const consent = () => createPrivacyBroker({ wx }).request
export const action = (failure) => actionOfWxError(failure)
`

interface App {
  launch(): Promise<string>
  me(): Promise<unknown>
  pay(cents: number): Promise<unknown>
  location(): Promise<string>
  consent(): unknown
  action(failure: object): string | null
}

/** Globals that V8 defines in every context and that a phone does not guarantee. */
const absent = ['globalThis', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'WeakRef', 'escape']

let service: TestService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.close())

it('runs on a phone without web APIs and without code from strings', async () => {
  const { url, request } = service
  const wx = { ...new FakePlatform().wx, url, request }
  const context = createContext(
    { wx, setTimeout, clearTimeout },
    { codeGeneration: { strings: false, wasm: false } },
  )
  runInContext(absent.map((name) => `delete this.${name};`).join(''), context)
  const code = await bundle(source)
  const run = runInContext(`(function (exports) { 'use strict';${code}\nreturn exports })`, context)
  const app: App = run({})
  const early = app.me()
  expect(await app.launch()).toBe('signedIn')
  expect(await early).toBe('me')
  service.expire()
  expect(await app.pay(3)).toBe(3)
  expect(service.served).toEqual(['miniLogin', 'me', 'pay', 'refresh', 'pay'])
  expect(await app.location()).toBe('unavailable')
  expect(app.consent()).toBeNull()
  expect(app.action({ errno: 104, errMsg: 'x:fail' })).toBe('showPrivacy')
})
