import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { ensureNode } from './node-version.mjs'
import { onEnd } from './signals.mjs'

/** The folder of the whole repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const { packageManager } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
const isWindows = process.platform === 'win32'

/** Runs a program to its end, and what it started ends with this process. Returns its exit code. */
export function run(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', ...env },
      // npx is a script, which Windows starts through its shell only.
      shell: isWindows,
      // A process group of its own: npx, pnpm, turbo and its tasks are ended together.
      detached: !isWindows,
    })
    const restore = onEnd(() => {
      if (isWindows) child.kill()
      else process.kill(-child.pid, 'SIGTERM')
      process.exit(130)
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      restore()
      resolve(code ?? 1)
    })
  })
}

/** pnpm at the version that package.json pins, fetched by npx where the machine has none. */
export const pnpm = (...args) => run('npx', ['--yes', packageManager, ...args])

/** Turbo finds pnpm on the PATH that npx makes, so it is started through it. */
export const turbo = (...args) => pnpm('exec', 'turbo', 'run', ...args)

/**
 * Everything that a command of this repository needs first: a Node that is new enough, and the packages.
 * Ends the process where it fails.
 */
export async function prepare() {
  await ensureNode()
  const code = await pnpm(
    'install',
    '--frozen-lockfile',
    '--prefer-offline',
    // The lock file is part of this repository and holds the hash of each package. The age of each version is asked
    // of the registry when the lock file is written; asking again at each fresh clone takes half a minute.
    '--trust-lockfile',
  )
  if (code !== 0) process.exit(code)
}
