import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { pnpm, prepare, run, turbo } from '../scripts/workspace.mjs'

/** Installs the bench's own workspace, builds the service, and measures; see bench/README.md. */

async function orExit(step) {
  const code = await step
  if (code !== 0) process.exit(code)
}

/** One core for the load and the stand-in WeChat, the other for the server under test. */
function onLoadCore(command) {
  const canPin =
    availableParallelism() > 1 && spawnSync('taskset', ['-c', '1', 'true']).status === 0
  return canPin ? ['taskset', '-c', '1', ...command, '--pinned'] : command
}

await prepare()
await orExit(pnpm('--dir', 'bench', 'install', '--frozen-lockfile', '--prefer-offline'))
await orExit(turbo('build', '--filter=@mianmi/api'))
await orExit(run(process.execPath, ['bench/src/servers/variants.mjs']))
const args = process.argv.slice(2)
const [command, ...rest] = onLoadCore([process.execPath, 'bench/src/main.mjs', ...args])
await orExit(run(command, rest))
await orExit(pnpm('exec', 'biome', 'format', '--write', 'docs/benchmarks.md'))
