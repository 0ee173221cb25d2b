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
  /** Whether a bare name is defined where the mini program runs. */
  knows(name: string): boolean
}

/**
 * The JavaScript of a phone and nothing more: a context with no global beside the language and
 * WeChat's own, without `globalThis`, where code from strings throws.
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
    const found = loaded.get(path)
    if (found) return found.exports
    const module = { exports: {} }
    loaded.set(path, module)
    const head = '(function (require, module, exports) {'
    const source = `${head}${readFileSync(`${root}/${path}`, 'utf8')}\n})`
    const near = (request: string) => load(posix.join(posix.dirname(path), request))
    const place = { filename: path, columnOffset: -head.length }
    runInContext(source, context, place)(near, module, module.exports)
    return module.exports
  }

  return {
    require: load,
    apps,
    pages,
    components,
    knows: (name) => runInContext(`typeof ${name}`, context) !== 'undefined',
  }
}
