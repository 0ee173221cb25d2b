import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const fromRoot = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** The built starts of interface.md, and how each says that it listens. */
const programs = {
  service: { file: fromRoot('apps/api/dist/main.js'), listening: /listening at (http:[^"\s]+)/ },
  sandbox: {
    file: fromRoot('packages/wechat-sandbox/dist/main.js'),
    listening: /(http:\/\/[^"\s]+)/,
  },
  playground: { file: fromRoot('apps/playground/dist/main.js'), listening: /(http:\/\/[^"\s]+)/ },
}

export interface Running {
  readonly child: ChildProcess
  /** What it has printed so far. */
  readonly output: { stdout: string; stderr: string }
  /** Its address, once it listens; rejects where it ends before. */
  readonly listening: Promise<string>
  /** Its exit code. */
  readonly ended: Promise<number | null>
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts a built program in `cwd`, with nothing of our environment but PATH. */
export function start(
  program: keyof typeof programs,
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Running {
  const { file, listening: pattern } = programs[program]
  const child = spawn(process.execPath, [file], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
  })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (chunk) => {
      output[stream] += chunk
    })
  const listening = new Promise<string>((resolve, reject) => {
    const look = () => {
      const url = output.stdout.match(pattern)?.[1]
      if (!url) return
      // All that it prints is kept: looking on would read a longer text at each line.
      child.stdout.off('data', look)
      resolve(url)
    }
    child.stdout.on('data', look)
    child.once('close', () => reject(new Error(`${program} ended early: ${output.stderr}`)))
  })
  // Whoever expects the start to fail awaits `ended` alone.
  listening.catch(() => {})
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return ended
  }
  return { child, output, listening, ended, stop }
}
