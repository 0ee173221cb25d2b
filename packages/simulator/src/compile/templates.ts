import { TmplGroup } from 'glass-easel-template-compiler'
import { CompileError } from './compile-error.ts'
import type { DistFiles } from './dist-files.ts'
import { assertParses } from './scripts.ts'

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

/** Compiles all WXML and WXS into one JavaScript expression: generators by template path. */
export function compileTemplates(files: DistFiles): string {
  const group = new TmplGroup()
  try {
    group.setExtraRuntimeScript(WXS_GLOBALS)
    for (const [file, text] of files.texts) {
      if (file.endsWith('.wxs')) addScript(group, file, text)
    }
    for (const [file, text] of files.texts) {
      if (file.endsWith('.wxml')) addTemplate(group, file, text)
    }
    return group.getTmplGenObjectGroups()
  } finally {
    group.free()
  }
}

// Templates refer to a script without `.wxs`, require() inside WXS with it, so both are registered.
function addScript(group: TmplGroup, file: string, text: string): void {
  assertParses(file, text)
  group.addScript(file.slice(0, -'.wxs'.length), text)
  group.addScript(file, text)
}

function addTemplate(group: TmplGroup, file: string, text: string): void {
  const diagnostics = group.addTmpl(file.slice(0, -'.wxml'.length), text) as Diagnostic[]
  const fault = diagnostics.find(({ isError, message }) => isError || REFUSED.has(message))
  if (fault) {
    throw new CompileError(file, fault.message, {
      line: fault.startLine + 1,
      column: fault.startColumn + 1,
    })
  }
}
