/**
 * An error in the built mini program. The message starts with `FILE:LINE:COLUMN: `, as far as they are
 * known; lines and columns count from 1.
 */
export class CompileError extends Error {
  override readonly name = 'CompileError'
  /** Path from the root of the mini program. */
  readonly file: string
  /** Undefined where it is not known. */
  readonly line: number | undefined

  constructor(file: string, reason: string, position?: { line: number; column: number }) {
    super(`${file}${position ? `:${position.line}:${position.column}` : ''}: ${reason}`)
    this.file = file
    this.line = position?.line
  }
}
