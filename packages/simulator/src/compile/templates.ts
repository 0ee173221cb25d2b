import { TmplGroup } from 'glass-easel-template-compiler'
import { CompileError } from './compile-error.ts'
import type { DistFiles } from './dist-files.ts'
import type { Faults } from './faults.ts'
import { assertParses } from './scripts.ts'
import { moveSlotDefaults } from './slot-defaults.ts'

interface Diagnostic {
  isError: boolean
  message: string
  startLine: number
  startColumn: number
}

// The template compiler reports these as warnings, but WeChat's own compiler rejects them.
const REFUSED = new Set(['missing end tag', 'invalid end tag'])

// Global functions of WXS, where `new RegExp` and `new Date` do not exist.
const WXS_GLOBALS = `
var getRegExp=function(p,f){return new RegExp(p,f)};
var getDate=function(){return new (Date.bind.apply(Date,[null].concat([].slice.call(arguments))))()};
`

/**
 * Compiles all WXML and WXS into one JavaScript expression: generators by template path. A fault of a file is one of
 * each template that imports, includes or requires it.
 *
 * The expression refers to a function `reportWxs(error)`, for what a WXS script throws when it is loaded.
 */
export function compileTemplates(files: DistFiles, faults: Faults): string {
  const group = new TmplGroup()
  try {
    group.setExtraRuntimeScript(WXS_GLOBALS)
    const paths = (suffix: string) =>
      [...files.texts.keys()].filter((file) => file.endsWith(suffix))
    for (const file of paths('.wxs')) addScript(group, file, { files, faults })
    const templates = paths('.wxml').map((file) => file.slice(0, -'.wxml'.length))
    for (const path of templates) addTemplate(group, path, { files, faults })
    for (const path of templates) spreadFaults(group, path, faults)
    return group.getTmplGenObjectGroups()
  } finally {
    group.free()
  }
}

interface TemplateSources {
  files: DistFiles
  faults: Faults
}

// Templates refer to a script without `.wxs`, require() inside WXS with it, so both are registered.
function addScript(group: TmplGroup, file: string, { files, faults }: TemplateSources): void {
  const text = files.texts.get(file) ?? ''
  const isSound = faults.guard(file, () => {
    assertParses(file, text)
    return true
  })
  // All scripts are loaded with the first template: one that throws must not cost the others.
  const guarded = isSound ? `try{${text}\n}catch(error){reportWxs(error)}` : ''
  group.addScript(file.slice(0, -'.wxs'.length), guarded)
  group.addScript(file, guarded)
}

function addTemplate(group: TmplGroup, path: string, { files, faults }: TemplateSources): void {
  const file = `${path}.wxml`
  const text = moveSlotDefaults(files.texts.get(file) ?? '')
  const diagnostics = group.addTmpl(path, text) as Diagnostic[]
  const fault = diagnostics.find(({ isError, message }) => isError || REFUSED.has(message))
  if (!fault) return
  faults.guard(path, () => {
    const position = { line: fault.startLine + 1, column: fault.startColumn + 1 }
    throw new CompileError(file, fault.message, position)
  })
  group.addTmpl(path, '')
}

/** The faults of what a template imports, includes or requires are faults of the template. */
function spreadFaults(group: TmplGroup, path: string, { messages }: Faults): void {
  const seen = new Set<string>()
  const faultOf = (one: string): string | undefined => {
    if (seen.has(one)) return undefined
    seen.add(one)
    const scripts = group.getScriptDependencies(one).map((script) => messages[`${script}.wxs`])
    const templates = group.getDirectDependencies(one) as string[]
    return messages[one] ?? scripts.find(Boolean) ?? first(templates, faultOf)
  }
  const message = faultOf(path)
  if (message !== undefined) messages[path] = message
}

function first<T>(paths: string[], find: (path: string) => T | undefined): T | undefined {
  for (const path of paths) {
    const found = find(path)
    if (found !== undefined) return found
  }
  return undefined
}
