import type { AppConfig, ComponentConfig } from '../compiled-app.ts'
import { npmPaths } from '../npm-paths.ts'
import { resolvePath } from '../paths.ts'
import { CompileError } from './compile-error.ts'
import { type DistFiles, readJson } from './dist-files.ts'
import type { Faults } from './faults.ts'

interface SubPackage {
  root: string
  pages: string[]
}

/** The keys of app.json that the compiler reads. */
export type AppJson = AppConfig & {
  pages?: string[]
  subPackages?: SubPackage[]
  subpackages?: SubPackage[]
  usingComponents?: Record<string, string>
  themeLocation?: string
}

/** @throws CompileError where app.json is missing */
export function readAppJson(files: DistFiles): AppJson {
  const app = readJson(files, 'app.json')
  if (!app) throw new CompileError('app.json', 'not found: is this the folder of a built program?')
  return app as AppJson
}

/** Page paths, first of the main package, then of the sub-packages. */
export function listPages(app: AppJson): string[] {
  const inPackages = (app.subPackages ?? app.subpackages ?? []).flatMap(({ root, pages }) =>
    pages.map((page) => resolvePath(`/${root}/${page}`, '')),
  )
  const pages = [...(app.pages ?? []), ...inPackages]
  if (pages.length === 0) throw new CompileError('app.json', '"pages" names no page')
  return pages
}

interface ConfigSources {
  files: DistFiles
  app: AppJson
  faults: Faults
}

/**
 * Reads the configuration of every page and of every component that they use. A page without its script or template,
 * and a component that is not found, are faults of the page or component that names them.
 *
 * @throws CompileError where app.json names a component that does not exist
 */
export function readComponentConfigs(
  { files, app, faults }: ConfigSources,
  pages: string[],
): Record<string, ComponentConfig> {
  const configs: Record<string, ComponentConfig> = {}
  const appComponents = resolveUsing(files, 'app', app.usingComponents)

  const visit = (path: string): void => {
    if (configs[path]) return
    configs[path] = { usingComponents: {} }
    faults.guard(path, () => read(path))
  }
  const read = (path: string): void => {
    const json = (readJson(files, `${path}.json`) ?? {}) as ComponentConfig
    const own = resolveUsing(files, path, json.usingComponents)
    const usingComponents = { ...appComponents, ...own }
    const config = { ...json, usingComponents }
    configs[path] = config
    for (const target of Object.values(usingComponents)) visit(target.slice(1))
    for (const generic of Object.values(json.componentGenerics ?? {})) {
      if (typeof generic === 'object' && generic.default) {
        const target = resolveComponent(files, path, generic.default)
        generic.default = `/${target}`
        visit(target)
      }
    }
  }

  for (const page of pages) {
    faults.guard(page, () => assertComplete(files, page))
    visit(page)
  }
  return configs
}

function assertComplete(files: DistFiles, page: string): void {
  for (const suffix of ['js', 'wxml']) {
    if (!files.texts.has(`${page}.${suffix}`)) {
      throw new CompileError('app.json', `page "${page}" has no file ${page}.${suffix}`)
    }
  }
}

function resolveUsing(
  files: DistFiles,
  owner: string,
  using: Record<string, string> = {},
): Record<string, string> {
  const resolved: Record<string, string> = {}
  for (const [tag, path] of Object.entries(using)) {
    resolved[tag] = `/${resolveComponent(files, owner, path)}`
  }
  return resolved
}

function resolveComponent(files: DistFiles, owner: string, path: string): string {
  const near = resolvePath(path, owner)
  for (const place of [near, ...npmPaths(path, owner)]) {
    for (const candidate of [place, `${place}/index`]) {
      if (files.texts.has(`${candidate}.js`) && files.texts.has(`${candidate}.wxml`)) {
        return candidate
      }
    }
  }
  throw new CompileError(
    `${owner}.json`,
    `component "${path}" not found: ${near}.js and ${near}.wxml must exist`,
  )
}
