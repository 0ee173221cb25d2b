import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { startBareRuntime } from '../review/guest/bare-runtime.ts'
import { unbound } from './service-replies.ts'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((file) => file.isFile())
  .map((file) => relative(dist, join(file.parentPath, file.name)))
const scripts = files.filter((file) => file.endsWith('.js'))
const text = (file: string) => readFileSync(join(dist, file), 'utf8')

interface WxApiOptions {
  key: string
  data: unknown
  url: string
  success(result: object): void
  fail(failure: object): void
}

/** The part of `wx` that a launch needs; the service replies that the identity is unbound. */
function createUnboundWx(requests: string[]): object {
  const storage = new Map<string, unknown>()
  return {
    getAppBaseInfo: () => ({}),
    getAccountInfoSync: () => ({ miniProgram: { appId: 'wx6d69616e6d690001' } }),
    login: ({ success }: WxApiOptions) => success({ code: 'code-1' }),
    getStorage: ({ key, success, fail }: WxApiOptions) =>
      storage.has(key)
        ? success({ data: storage.get(key) })
        : fail({ errMsg: 'getStorage:fail data not found' }),
    setStorage: ({ key, data, success }: WxApiOptions) => {
      storage.set(key, data)
      success({ errMsg: 'setStorage:ok' })
    },
    removeStorage: ({ key, success }: WxApiOptions) => {
      storage.delete(key)
      success({ errMsg: 'removeStorage:ok' })
    },
    request: ({ url, success }: WxApiOptions) => {
      requests.push(url)
      const reply = { result: { data: unbound } }
      const data = JSON.stringify(url.includes('batch=1') ? [reply] : reply)
      success({ statusCode: 200, header: {}, data, errMsg: 'request:ok' })
      return { abort: () => undefined }
    },
  }
}

describe('the built package', () => {
  it('is smaller than 100 KB', () => {
    const bytes = files.reduce((sum, file) => sum + statSync(join(dist, file)).size, 0)
    expect(bytes).toBeLessThan(100_000)
  })

  it('has a script, markup and configuration for every page', () => {
    const { pages } = JSON.parse(text('app.json')) as { pages: string[] }
    for (const page of pages) {
      for (const kind of ['js', 'wxml', 'json']) expect(files).toContain(`${page}.${kind}`)
    }
  })

  it.each(scripts)('%s contains no code from strings and no zod', (file) => {
    expect(text(file)).not.toMatch(/\beval\s*\(|\bFunction\s*\(/)
    expect(text(file)).not.toMatch(/zod/i)
    // A getter for each export takes 3 KB.
    expect(text(file)).not.toContain('defineProperty(exports')
  })

  it.each(files.filter((file) => file.endsWith('.wxml')))(
    '%s uses no syntax that WXML does not have',
    (file) => {
      const expressions = text(file).match(/\{\{[^}]*\}\}/g) ?? []
      for (const expression of expressions) expect(expression).not.toMatch(/\?\.|\?\?/)
    },
  )
})

describe('on a phone without fetch, URL, AbortController and globalThis', () => {
  it('runs the app and every page and component', () => {
    const phone = startBareRuntime(dist, createUnboundWx([]))
    for (const name of ['fetch', 'URL', 'AbortController', 'globalThis', 'process']) {
      expect(phone.hasGlobal(name)).toBe(false)
    }
    const entries = scripts.filter((file) => !file.startsWith('chunks'))
    for (const entry of entries) phone.require(entry)
    expect(phone.apps).toHaveLength(1)
    expect(phone.pages).toHaveLength(9)
    expect(phone.components).toHaveLength(entries.length - 10)
  })

  it('signs in on launch and shows an unbound person how to continue', async () => {
    const requests: string[] = []
    const phone = startBareRuntime(dist, createUnboundWx(requests))
    phone.require('app.js')
    phone.require('pages/home/index.js')
    const [home] = phone.pages
    if (!home) throw new Error('home did not register')
    const unboundShown = new Promise<void>((shown) => {
      home.setData = (patch) => {
        Object.assign(home.data, patch)
        if (patch['status'] === 'unbound') shown()
      }
    })
    phone.apps[0]?.onLaunch()
    home.onLoad()
    await unboundShown
    expect(requests).toEqual([expect.stringContaining('http://127.0.0.1:3000/trpc/miniLogin')])
    expect(home.data['card']).toMatchObject({ badge: '未绑定', action: 'signIn' })
  })
})
