import { Script } from 'node:vm'
import { transform } from 'sucrase'
import { CompileError } from './compile-error.ts'
import type { DistFiles } from './dist-files.ts'

/**
 * Collects all scripts by path and checks their syntax. ES modules become CommonJS, as DevTools compile them, with the
 * same lines. A module that does not parse throws when it is
 * required, as on a phone.
 *
 * @throws CompileError where app.js does not parse
 */
export function collectScripts(files: DistFiles): Record<string, string> {
  const scripts: Record<string, string> = {}
  for (const [file, text] of files.texts) {
    if (!file.endsWith('.js')) continue
    try {
      scripts[file] = compileScript(file, text)
    } catch (error) {
      if (file === 'app.js' || !(error instanceof CompileError)) throw error
      scripts[file] = `throw new SyntaxError(${JSON.stringify(error.message)})`
    }
  }
  return scripts
}

const MODULE_SYNTAX = /\b(?:import|export)\b/

function compileScript(file: string, text: string): string {
  try {
    assertParses(file, text)
    return text
  } catch (fault) {
    if (!MODULE_SYNTAX.test(text)) throw fault
    const commonJs = toCommonJs(file, text)
    assertParses(file, commonJs)
    return commonJs
  }
}

function toCommonJs(file: string, text: string): string {
  try {
    return transform(text, { transforms: ['imports'], disableESTransforms: true }).code
  } catch (error) {
    // The message ends with `(line:column)`.
    const { message } = error as Error
    const [, reason = message, line] =
      /^(?:Error transforming [^:]*: )?(.*) \((\d+):\d+\)$/.exec(message) ?? []
    throw new CompileError(file, reason, line ? { line: Number(line), column: 1 } : undefined)
  }
}

/** @throws CompileError with the line where `source` is not a valid function body */
export function assertParses(file: string, source: string): void {
  try {
    new Script(`(function(){${source}\n})`, { filename: file })
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // A SyntaxError has no line property, but its stack starts with `file:line`.
    const line = Number(error.stack?.split('\n')[0]?.split(':').at(-1))
    const position = Number.isInteger(line) ? { line, column: 1 } : undefined
    throw new CompileError(file, error.message, position)
  }
}
