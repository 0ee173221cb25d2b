import process from 'node:process'

export interface CommandLine {
  /** What `--help` prints. */
  readonly help: string
  readonly version: string
  /** Stands before a refusal, such as `sandbox WeChat: `; nothing where the caller adds its own name. */
  readonly prefix?: string
}

/**
 * Answers `--help` and `--version` and ends the process. Any other argument is refused, because a process that ignores
 * it would run otherwise than its user believes.
 *
 * @throws Error for any other argument
 */
export function answerArguments(
  { help, version, prefix = '' }: CommandLine,
  [argument]: readonly string[] = process.argv.slice(2),
): void {
  if (argument === undefined) return
  if (argument === '--help' || argument === '-h') process.stdout.write(help)
  else if (argument === '--version' || argument === '-v') process.stdout.write(`${version}\n`)
  else throw new Error(`${prefix}unknown argument ${argument}; see --help`)
  process.exit(0)
}
