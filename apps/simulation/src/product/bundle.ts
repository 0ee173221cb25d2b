import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { machineGlobals, machineModule } from './machine.ts'
import { type Patch, patchSource } from './patch.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const require = createRequire(import.meta.url)

export interface BundleOptions {
  /** As stacks and profiles name it. */
  readonly name: string
  /** The source of the entry; it imports files by `$/` and their path in the repository. */
  readonly entry: string
  readonly patches: readonly Patch[]
  readonly target?: string
  /** Files that are replaced as a whole: path in the repository → source. */
  readonly replaced?: Record<string, string>
  /** More globals of the bundle. */
  readonly globals?: Record<string, unknown>
  /** Whether packages of npm are part of the bundle, and so see its globals. */
  readonly isClosed?: boolean
}

/**
 * Bundles sources of the product and runs the bundle with the globals of the machine that is simulated. So what is
 * simulated is the product's source, and a run can count on it that none of it reads the clock of this machine.
 */
export async function loadBundle<T>(options: BundleOptions): Promise<T> {
  const { patches, replaced = {}, isClosed = false } = options
  const entryId = `${root}apps/simulation/src/product/entry.virtual.ts`
  const build = await rolldown({
    input: entryId,
    platform: isClosed ? 'neutral' : 'node',
    transform: { target: options.target ?? 'es2022' },
    resolve: { conditionNames: ['import', 'node', 'default'] },
    external: isClosed ? [] : [/^node:/, /^undici/],
    plugins: [
      {
        name: 'simulation',
        resolveId: (id) => {
          if (id === entryId) return id
          return id.startsWith('$/') ? root + id.slice(2) : null
        },
        load(id) {
          if (id === entryId) return options.entry
          if (id.includes('/@trpc/')) return withNativeSpread(readFileSync(id, 'utf8'))
          if (!id.startsWith(root) || id.includes('node_modules')) return null
          const path = id.slice(root.length)
          const source = replaced[path] ?? readFileSync(id, 'utf8')
          const ofFile = patches.filter((patch) => patch.file === path)
          return ofFile.reduce(patchSource, source)
        },
      },
    ],
  })
  const { output } = await build.generate({ format: 'cjs', exports: 'named' })
  await build.close()
  const { code } = output[0]
  if (options.target === 'es2016' && /\basync\b/.test(code.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')))
    throw new Error('the bundle was not lowered')
  return run<T>(`${code}\n//# sourceURL=${options.name}.bundle`, options.globals ?? {})
}

/**
 * tRPC is published with the helper of a compiler in the place of each `...`, which makes objects that V8 treats as
 * dictionaries. They took a tenth of a run.
 */
const withNativeSpread = (source: string): string =>
  source.replace(
    /function _objectSpread2\(e\) \{[\s\S]*?\n\}/,
    'function _objectSpread2(...parts) { return Object.assign(...parts) }',
  )

function run<T>(code: string, more: Record<string, unknown>): T {
  const globals = { ...machineGlobals(), ...more }
  const exports = {}
  const load = (name: string): unknown => machineModule(name) ?? require(name)
  const names = ['require', 'exports', ...Object.keys(globals)]
  new Function(...names, `'use strict';\n${code}`)(load, exports, ...Object.values(globals))
  return exports as T
}
