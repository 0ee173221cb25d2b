import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/** The folder of the whole repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))

/** Runs a program to its end and answers its exit code. */
export function run(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', ...env },
      // npx is a script, which Windows starts through its shell only.
      shell: process.platform === 'win32',
    })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/** pnpm at the version that package.json pins, fetched by npx where the machine has none. */
export const pnpm = (...args) => run('npx', ['--yes', manifest.packageManager, ...args])

/** Turbo finds pnpm on the PATH that npx makes, so it is started through it. */
export const turbo = (...args) => pnpm('exec', 'turbo', 'run', ...args)

/** Everything that a command of this repository needs first. Ends the process where it fails. */
export async function prepare() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`mianmi needs Node ${manifest.engines.node}; this is ${process.versions.node}.`)
    process.exit(1)
  }
  const code = await pnpm('install', '--frozen-lockfile', '--prefer-offline')
  if (code !== 0) process.exit(code)
}
