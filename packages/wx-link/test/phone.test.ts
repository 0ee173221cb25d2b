import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle, runOnPhone } from './fixtures/phone-bundle.ts'
import { createTestPhone } from './fixtures/test-phone.ts'
import { startServer, type TestServer } from './fixtures/trpc-server.ts'

interface App {
  greet(name: string): Promise<unknown>
  count(by: number): Promise<unknown>
  both(): Promise<unknown[]>
  refuse(): Promise<unknown>
  abort(): Promise<unknown>
  absentGlobals(): string[]
}

const app = (link: string, start: string) => `
import { createTRPCClient } from '@trpc/client'
import { AbortControllerPolyfill, installAbortController, linkError, wxLink } from '${link}'
${start}
const api = createTRPCClient({ links: [wxLink({ url: wx.url, request: wx.request })] })
export const greet = (name) => api.greet.query({ name })
export const count = (by) => api.count.mutate({ by })
export const both = () => Promise.all([api.ping.query(), api.nested.deep.query()])
export const refuse = () => api.refuse.query().catch((error) => error.data.code)
export const abort = () => {
  const controller = new AbortControllerPolyfill()
  const call = api.ping.query(undefined, { signal: controller.signal })
  controller.abort()
  return call.catch((error) => linkError(error).kind)
}
export const absentGlobals = () => [typeof globalThis, typeof fetch, typeof URL, typeof URLSearchParams,
  typeof Headers, typeof FormData, typeof Blob, typeof TextEncoder, typeof ReadableStream]
`

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const link = new URL('../src/index.ts', import.meta.url).pathname
const start = (code: string) => {
  const phone = createTestPhone()
  const wx = { url: server.url, request: phone.request }
  return { phone, app: runOnPhone<App>(code, { setTimeout, clearTimeout, wx }) }
}

describe('on a phone without web APIs', () => {
  let code: string
  beforeAll(async () => {
    code = await bundle(app(link, 'installAbortController()'))
  })

  it('runs without what a phone does not have', () => {
    expect(new Set(start(code).app.absentGlobals())).toEqual(new Set(['undefined']))
    expect(() =>
      runOnPhone('new Function("return 1")()', { setTimeout, clearTimeout, wx: {} }),
    ).toThrow(/Code generation from strings/)
  })

  it('sends queries and mutations, alone and in a batch', async () => {
    const { phone, app } = start(code)
    expect(await app.greet('小明')).toEqual({ text: 'hello 小明' })
    expect(await app.count(1)).toBe(2)
    expect(await app.both()).toEqual(['pong', 'found'])
    expect(phone.sent).toHaveLength(3)
  })

  it('reports server errors and aborted calls', async () => {
    const { app } = start(code)
    expect(await app.refuse()).toBe('FORBIDDEN')
    expect(await app.abort()).toBe('aborted')
  })

  it('cannot send a call before the AbortController is installed', async () => {
    const { app: bare } = start(await bundle(app(link, '')))
    await expect(bare.greet('x')).rejects.toThrow('AbortController is not defined')
  })

  it('needs no install when the bundler binds the AbortController', async () => {
    const inject = { AbortController: [link, 'AbortControllerPolyfill'] as [string, string] }
    const { app: bound } = start(await bundle(app(link, ''), inject))
    expect(await bound.greet('x')).toEqual({ text: 'hello x' })
  })
})

describe('createWxClient on such a phone', () => {
  it('needs no AbortController', async () => {
    const source = app(`${link.replace('index.ts', 'client.ts')}`, '')
      .replace("import { createTRPCClient } from '@trpc/client'", '')
      .replace('AbortControllerPolyfill, installAbortController', 'createWxClient')
      .replaceAll('createTRPCClient', 'createWxClient')
      .replace(/export const abort = [\s\S]*?\n}\n/, '')
    const { phone, app: bare } = start(await bundle(source))
    expect(await bare.greet('小明')).toEqual({ text: 'hello 小明' })
    expect(await bare.count(1)).toBe(2)
    expect(await bare.both()).toEqual(['pong', 'found'])
    expect(await bare.refuse()).toBe('FORBIDDEN')
    expect(phone.sent).toHaveLength(4)
  })
})
