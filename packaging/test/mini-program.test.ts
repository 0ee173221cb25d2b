import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { type Context, createContext, runInContext } from 'node:vm'
import { parse } from 'acorn'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { entryPoints } from './published.ts'

const project = inject('project')
const root = join(project, 'miniprogram')
const packages = join(root, 'miniprogram_npm')
const entries = ['@mianmi/wx-link', '@mianmi/wx-session']
  .flatMap((name) => entryPoints(project, name))
  // Native pages have neither.
  .filter(({ id }) => !/\/(react|vue)$/.test(id))

/** Globals that V8 defines in every context and that a phone does not guarantee. */
const absent = ['globalThis', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'WeakRef', 'escape']

/** A phone: no web API, no code from strings. */
function createPhone(globals: object): Context {
  const context = createContext(
    { setTimeout, clearTimeout, ...globals },
    { codeGeneration: { strings: false, wasm: false } },
  )
  runInContext(absent.map((name) => `delete this.${name};`).join(''), context)
  return context
}

/** `require` of a mini program: a file, or a package in `miniprogram_npm`. */
function createLoader(context: Context): (id: string, from?: string) => unknown {
  const loaded = new Map<string, { exports: unknown }>()
  const resolve = (id: string, from: string) => {
    const path = id.startsWith('.') ? join(from, id) : join(packages, id)
    const isFile = (file: string) => existsSync(file) && statSync(file).isFile()
    const file = [path, `${path}.js`, join(path, 'index.js')].find(isFile)
    if (file === undefined) throw new Error(`module '${id}' is not defined`)
    return file
  }
  return function load(id, from = root) {
    const file = resolve(id, from)
    const existing = loaded.get(file)
    if (existing) return existing.exports
    const module = { exports: {} }
    loaded.set(file, module)
    const code = `(function (require, module, exports) {${readFileSync(file, 'utf8')}\n})`
    const run = runInContext(code, context, { filename: file })
    run((inner: string) => load(inner, dirname(file)), module, module.exports)
    return module.exports
  }
}

function scriptsIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const scripts = files.filter((file) => file.endsWith('.js'))
  return scripts.map((file) => readFileSync(join(folder, file), 'utf8'))
}

let report: object
beforeAll(async () => {
  const script = fileURLToPath(new URL('pack-npm.mjs', import.meta.url))
  const args = [script, join(project, 'package.json'), root]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  report = JSON.parse(stdout)
})

describe('构建 npm', () => {
  it('copies both packages, and warns of nothing', () => {
    expect(report).toEqual({ miniProgramPackNum: 2, otherNpmPackNum: 0, warnList: [] })
  })

  it('leaves scripts of ES2017', () => {
    const scripts = scriptsIn(packages)
    expect(scripts.length).toBeGreaterThanOrEqual(entries.length)
    for (const script of scripts) parse(script, { ecmaVersion: 2017, sourceType: 'script' })
  })

  it.each(entries)('$id loads on a phone, with the exports of its ES module', async (entry) => {
    const load = createLoader(createPhone({}))
    const names = Object.keys(await import(pathToFileURL(entry.file).href))
    expect(Object.keys(load(entry.id) as object).sort()).toEqual(names.sort())
  })

  it('signs in and calls, with REST and with tRPC', async () => {
    const sent: { url: string; authorization: string | undefined }[] = []
    const wx = {
      login: ({ success }: { success(result: object): void }) => success({ code: 'a code' }),
      getStorage: ({ fail }: { fail(failure: object): void }) =>
        fail({ errMsg: 'getStorage:fail data not found' }),
      setStorage: ({ success }: { success(result: object): void }) => success({}),
      removeStorage: ({ success }: { success(result: object): void }) => success({}),
      request(options: {
        url: string
        header?: Record<string, string>
        success(reply: object): void
      }) {
        const header = options.header ?? {}
        sent.push({
          url: options.url,
          authorization: header['authorization'] ?? header['Authorization'],
        })
        const isTrpc = options.url.startsWith('https://trpc')
        const data = isTrpc ? JSON.stringify({ result: { data: 'by tRPC' } }) : { by: 'REST' }
        options.success({ statusCode: 200, header: {}, data })
        return { abort() {} }
      },
    }
    const context = createPhone({ wx })
    const load = createLoader(context)
    const app = runInContext(
      `(function (require) {
        const { createSession } = require('@mianmi/wx-session')
        const { sessionLink } = require('@mianmi/wx-session/trpc')
        const { createWxClient, wxLink } = require('@mianmi/wx-link/client')
        const tokens = { accessToken: 'a token' }
        const session = createSession({
          wx,
          exchange: async (code) => ({ status: 'signedIn', tokens, user: { id: code } }),
        })
        const link = wxLink({ url: 'https://trpc.example.com', request: wx.request })
        const api = createWxClient({ links: [sessionLink(session), link] })
        return async () => {
          const { data } = await session.request({ url: 'https://rest.example.com/orders' })
          return JSON.stringify([session.state.user, data, await api.me.query()])
        }
      })`,
      context,
    )
    const result = await app(load)()
    expect(JSON.parse(result)).toEqual([{ id: 'a code' }, { by: 'REST' }, 'by tRPC'])
    expect(sent).toEqual([
      { url: 'https://rest.example.com/orders', authorization: 'Bearer a token' },
      { url: 'https://trpc.example.com/me', authorization: 'Bearer a token' },
    ])
  })
})

it('what Taro, uni-app and bundlers take is ES2017 too', () => {
  for (const name of ['@mianmi/wx-link', '@mianmi/wx-session'])
    for (const script of scriptsIn(join(project, 'node_modules', name)))
      parse(script, { ecmaVersion: 2017, sourceType: 'module' })
})
