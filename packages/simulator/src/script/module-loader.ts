import { npmPaths } from '../npm-paths.ts'
import { resolvePath } from '../paths.ts'
import { evaluate } from './shadowed-globals.ts'

/** Loads CommonJS modules. */
export interface ModuleLoader {
  /** Runs a module once and returns its exports. */
  load(path: string): unknown
}

/**
 * Creates a CommonJS loader for the sources of a mini program, packages in `miniprogram_npm` included.
 *
 * @param globals names in scope in addition to `require`, `module` and `exports`
 */
export function createModuleLoader(
  scripts: Record<string, string>,
  globals: Record<string, unknown>,
): ModuleLoader {
  const modules = new Map<string, { exports: unknown }>()

  const load = (path: string): unknown => {
    const loaded = modules.get(path)
    if (loaded) return loaded.exports
    const module = { exports: {} as unknown }
    modules.set(path, module)
    const require = (wanted: string) => load(resolve(wanted, path))
    try {
      evaluate(scripts[path] ?? '', path, {
        ...globals,
        require,
        module,
        exports: module.exports,
      })
    } catch (error) {
      modules.delete(path)
      throw error
    }
    return module.exports
  }

  const resolve = (wanted: string, from: string): string => {
    const base = resolvePath(wanted, from)
    for (const path of [base, ...npmPaths(wanted, from)]) {
      for (const candidate of [path, `${path}.js`, `${path}/index.js`]) {
        if (Object.hasOwn(scripts, candidate)) return candidate
      }
    }
    throw new Error(`module '${base}.js' is not defined, require args is '${wanted}'`)
  }

  return { load }
}
