import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { createContext, runInContext } from 'node:vm'

export interface PageOptions {
  data: Record<string, unknown>
  onLoad(query?: object): unknown
  onShow?(): unknown
  onReady?(): unknown
  setData(patch: Record<string, unknown>): void
}

export interface AppOptions {
  onLaunch(options?: object): void
  onShow?(options?: object): void
}

export interface BareRuntime {
  require(path: string): unknown
  apps: AppOptions[]
  pages: PageOptions[]
  components: object[]
  /** Whether the mini program has a global with this name. */
  hasGlobal(name: string): boolean
}

/**
 * The JavaScript runtime of a phone: a context whose globals are those of the language and of
 * WeChat, without `globalThis`, and in which code from strings throws.
 */
export function startBareRuntime(root: string, wx: object, globals: object = {}): BareRuntime {
  const apps: BareRuntime['apps'] = []
  const pages: PageOptions[] = []
  const components: object[] = []
  const context = createContext(
    {
      wx,
      App: (options: AppOptions) => apps.push(options),
      Page: (options: PageOptions) => pages.push(options),
      Component: (options: object) => components.push(options),
      getApp: () => ({}),
      getCurrentPages: () => [],
      console,
      setTimeout,
      clearTimeout,
      ...globals,
    },
    { codeGeneration: { strings: false, wasm: false } },
  )
  runInContext('delete globalThis.globalThis', context)

  const loaded = new Map<string, { exports: unknown }>()
  function load(path: string): unknown {
    const existing = loaded.get(path)
    if (existing) return existing.exports
    const module = { exports: {} }
    loaded.set(path, module)
    const head = '(function (require, module, exports) {'
    const source = `${head}${readFileSync(`${root}/${path}`, 'utf8')}\n})`
    const requireRelative = (request: string) => load(posix.join(posix.dirname(path), request))
    const origin = { filename: path, columnOffset: -head.length }
    runInContext(source, context, origin)(requireRelative, module, module.exports)
    return module.exports
  }

  return {
    require: load,
    apps,
    pages,
    components,
    hasGlobal: (name) => runInContext(`typeof ${name}`, context) !== 'undefined',
  }
}
