import { createContext, runInContext } from 'node:vm'
import { rolldown } from 'rolldown'

/** Bundles an entry the way a mini program is built: one CommonJS file, lowered and minified. */
export async function bundle(
  source: string,
  inject: Record<string, [string, string]> = {},
): Promise<string> {
  const entry = new URL('./entry.virtual.ts', import.meta.url).pathname
  const build = await rolldown({
    input: entry,
    platform: 'neutral',
    transform: { target: 'es2017', inject },
    resolve: { conditionNames: ['import'] },
    treeshake: { moduleSideEffects: false },
    plugins: [
      {
        name: 'entry',
        load: (id) => (id === entry ? { code: source, moduleSideEffects: true } : null),
        resolveId: (id) => (id === entry ? id : null),
      },
    ],
  })
  const { output } = await build.generate({ format: 'cjs', exports: 'named', minify: true })
  await build.close()
  return output[0].code
}

/** What a phone's base library gives, and nothing else. */
interface PhoneGlobals {
  setTimeout: typeof setTimeout
  clearTimeout: typeof clearTimeout
  wx: object
}

/** Whatever a phone lacks, or must not be relied on to have (V8 puts some into every context). */
const absent = ['globalThis', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'WeakRef', 'escape']

/** Runs a bundle as a phone would: no web API, no globalThis, no code from strings. */
export function runOnPhone<T>(code: string, globals: PhoneGlobals): T {
  const context = createContext({ ...globals }, { codeGeneration: { strings: false, wasm: false } })
  const names = absent.map((name) => `delete this.${name};`).join('')
  runInContext(names, context)
  const run = runInContext(
    `(function (exports) { 'use strict';${code}\nreturn exports })`,
    context,
  ) as (exports: object) => T
  return run({})
}
