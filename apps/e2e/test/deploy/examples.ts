import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'

/** The path of a file of the repository. */
export const fromRoot = (path: string): string =>
  fileURLToPath(new URL(`../../../../${path}`, import.meta.url))

/** The text of a file of the repository. */
export const read = (path: string): string => readFileSync(fromRoot(path), 'utf8')

/** A suite of tests that need a program. Where it is not installed they are skipped; in CI that is an error. */
export const describeProgram = (program: string, ...args: string[]) =>
  describe.skipIf(spawnSync(program, args).error !== undefined && process.env['CI'] !== 'true')

/** Runs a program to its end. */
export function run(program: string, ...args: string[]): { code: number | null; output: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (error) throw error
  return { code: status, output: stdout + stderr }
}
