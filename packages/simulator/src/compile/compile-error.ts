/** What is wrong with the built mini program, and where. Lines and columns count from 1. */
export class CompileError extends Error {
  override readonly name = 'CompileError'
  readonly file: string
  readonly line: number | undefined

  constructor(file: string, reason: string, position?: { line: number; column: number }) {
    super(`${file}${position ? `:${position.line}:${position.column}` : ''}: ${reason}`)
    this.file = file
    this.line = position?.line
  }
}
