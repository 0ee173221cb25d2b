import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { RunningProcess } from './running-process.ts'

/** A built program. */
export interface Program {
  readonly name: string
  /** Path of its file. */
  readonly file: string
  /** The line of standard output in which it prints its address, as the first group. */
  readonly listening: RegExp
}

export interface ProgramOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** The Node that runs it. */
  readonly node?: { readonly file: string; readonly flags: readonly string[] }
}

/**
 * Starts a built program in `cwd`. Of the environment of this process it gets only PATH. A service sheds no load unless
 * `env` says so, however busy the machine is.
 *
 * @example
 * const service = startProgram(
 *   { name: 'service', file: 'dist/main.js', listening: /listening at (http:[^"\s]+)/ },
 *   { cwd, env: { PORT: '0' } },
 * )
 * const url = await service.listening
 */
export function startProgram(
  { name, file, listening: pattern }: Program,
  { cwd, env, node = { file: process.execPath, flags: [] } }: ProgramOptions,
): RunningProcess {
  const child = spawn(node.file, [...node.flags, file], {
    cwd,
    // The tests share the machine with other work, so the service must not shed load.
    env: { PATH: process.env['PATH'], SHED_LOAD_AFTER: '600000', ...env },
  })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (chunk) => {
      output[stream] += chunk
    })
  const listening = new Promise<string>((resolve, reject) => {
    const findAddress = () => {
      const url = output.stdout.match(pattern)?.[1]
      if (!url) return
      // The whole output is kept, so searching it again at each line would take ever longer.
      child.stdout.off('data', findAddress)
      resolve(url)
    }
    child.stdout.on('data', findAddress)
    child.once('close', () => reject(new Error(`${name} ended early: ${output.stderr}`)))
  })
  // A test that expects the start to fail awaits only `ended`.
  listening.catch(() => {})
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return ended
  }
  return { child, output, listening, ended, stop }
}
