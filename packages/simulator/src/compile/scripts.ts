import { Script } from 'node:vm'
import { CompileError } from './compile-error.ts'
import type { DistFiles } from './dist-files.ts'

/** All CommonJS modules by path, each checked for syntax. */
export function collectScripts(files: DistFiles): Record<string, string> {
  const scripts: Record<string, string> = {}
  for (const [file, text] of files.texts) {
    if (!file.endsWith('.js')) continue
    assertParses(file, text)
    scripts[file] = text
  }
  return scripts
}

/** @throws CompileError with the line when `source` is not the body of a function. */
export function assertParses(file: string, source: string): void {
  try {
    new Script(`(function(){${source}\n})`, { filename: file })
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // The first line of the stack of a syntax error is `file:line`, it has no field for it.
    const line = Number(error.stack?.split('\n')[0]?.split(':').at(-1))
    const position = Number.isInteger(line) ? { line, column: 1 } : undefined
    throw new CompileError(file, error.message, position)
  }
}
