import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { RunningProcess } from './running-process.ts'
import { environmentUnderTest, nodesUnderTest } from './under-test/database.ts'
import { startNodes } from './under-test/nodes.ts'

const fromRoot = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** The built programs, and the line in which each prints its address. */
const programs = {
  service: { file: fromRoot('apps/api/dist/main.js'), listening: /listening at (http:[^"\s]+)/ },
  sandbox: {
    file: fromRoot('packages/wechat-sandbox/dist/main.js'),
    listening: /(http:\/\/[^"\s]+)/,
  },
  playground: { file: fromRoot('apps/playground/dist/main.js'), listening: /(http:\/\/[^"\s]+)/ },
}

interface ProcessOptions {
  readonly cwd: string
  readonly env: Record<string, string>
  /** The Node that runs it. */
  readonly node?: { readonly file: string; readonly flags: readonly string[] }
}

/**
 * Starts a built program in `cwd`. Of the environment of this process it gets only PATH. The service sheds no load
 * unless `env` says so, however busy the machine is. With `E2E_DATABASE=postgres` the service runs on PostgreSQL, as
 * `E2E_NODES` nodes: see `testing/global-setup.ts`.
 */
export function start(program: keyof typeof programs, options: ProcessOptions): RunningProcess {
  if (program !== 'service') return startOne(program, options)
  const env = environmentUnderTest(options.cwd, options.env)
  const count = env === options.env ? 1 : nodesUnderTest()
  if (count === 1) return startOne(program, { ...options, env })
  const { PORT: port = '0' } = env
  const nodes = Array.from({ length: count }, () =>
    startOne(program, { ...options, env: { ...env, PORT: '0' } }),
  )
  return startNodes(nodes, Number(port))
}

function startOne(
  program: keyof typeof programs,
  { cwd, env, node = { file: process.execPath, flags: [] } }: ProcessOptions,
): RunningProcess {
  const { file, listening: pattern } = programs[program]
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
    child.once('close', () => reject(new Error(`${program} ended early: ${output.stderr}`)))
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
