import type { AppConfig, CompiledApp } from '../compiled-app.ts'
import { listPages, readAppJson, readComponentConfigs } from './component-configs.ts'
import { type DistFiles, readDistFiles, readJson } from './dist-files.ts'
import { createFaults } from './faults.ts'
import { collectScripts } from './scripts.ts'
import { compileStyles } from './styles.ts'
import { compileTemplates } from './templates.ts'

export type { CompiledApp } from '../compiled-app.ts'
export { CompileError } from './compile-error.ts'

/**
 * Compiles a built mini program, the folder that WeChat's tools upload, for `createSimulator`.
 * Runs in Node; the result is plain JSON and can be sent to a browser.
 *
 * @param distFolder path of the folder that contains app.json
 * A fault of a page or component is in `faults` of the result, and costs only the pages that have it.
 *
 * @throws CompileError with the file, and the line where it is known, for a fault of app.json, app.js or app.wxss
 *
 * @example
 * const app = await compileMiniProgram('dist')
 */
export async function compileMiniProgram(distFolder: string): Promise<CompiledApp> {
  const files = await readDistFiles(distFolder)
  const app = readAppJson(files)
  const pages = listPages(app)
  const faults = createFaults()
  const components = readComponentConfigs({ files, app, faults }, pages)
  return {
    config: configOf(app),
    themes: readThemes(files, app.themeLocation),
    pages,
    components,
    templates: compileTemplates(files, faults),
    scripts: collectScripts(files),
    styles: compileStyles(files, Object.keys(components), faults),
    assets: files.assets,
    faults: faults.messages,
  }
}

function configOf(app: AppConfig): AppConfig {
  const { entryPagePath, window, tabBar, darkmode, style } = app
  const { permission, requiredPrivateInfos } = app
  const drawn = { entryPagePath, window, tabBar, darkmode, style }
  return JSON.parse(JSON.stringify({ ...drawn, permission, requiredPrivateInfos }))
}

function readThemes(files: DistFiles, location = 'theme.json'): CompiledApp['themes'] {
  const { light = {}, dark = {} } = (readJson(files, location) ?? {}) as Partial<
    CompiledApp['themes']
  >
  return { light, dark }
}
