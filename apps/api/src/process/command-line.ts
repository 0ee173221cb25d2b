import process from 'node:process'
import { parseArgs } from 'node:util'
import manifest from '../../package.json' with { type: 'json' }

/** The version in package.json, which is built into each file of `dist/`. */
export const version: string = manifest.version

/** Arguments that a program does not understand. The message says how it is called. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * Answers `--help` and `--version` and ends the process with code 0. Any other argument is refused, because a program
 * that ignores `--port 80` would listen elsewhere than its administrator believes.
 *
 * @throws UsageError
 */
export function answerHelpAndVersion(
  help: string,
  args: readonly string[] = process.argv.slice(2),
): void {
  const requested = wantsHelpOrVersion(args)
  if (requested !== null) {
    process.stdout.write(requested === 'help' ? help : `${version}\n`)
    process.exit(0)
  }
  const [first] = args
  if (first !== undefined) throw new UsageError(`unknown argument ${first}; see --help`)
}

/** Waits until everything is written. `process.exit` would drop what a pipe has not taken yet. */
export const written = (stream: NodeJS.WritableStream): Promise<void> =>
  new Promise((resolve) => void stream.write('', () => resolve()))

/** Whether `--help` (`-h`) or `--version` (`-v`) is one of the arguments. */
export function wantsHelpOrVersion(args: readonly string[]): 'help' | 'version' | null {
  const { values } = parseArgs({
    args: [...args],
    options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } },
    strict: false,
  })
  if (values['help'] === true) return 'help'
  return values['version'] === true ? 'version' : null
}
