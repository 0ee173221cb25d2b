import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { pnpm, prepare, run, turbo } from '../scripts/workspace.mjs'

/** Installs the workspace of the bench, builds the service, and measures; see bench/README.md. */

async function exitOnFailure(step) {
  const code = await step
  if (code !== 0) process.exit(code)
}

/** Pins the load and the fake WeChat to core 1; the server under test runs on core 0. */
function pinToLoadCore(command) {
  const canPin =
    availableParallelism() > 1 && spawnSync('taskset', ['-c', '1', 'true']).status === 0
  return canPin ? ['taskset', '-c', '1', ...command, '--pinned'] : command
}

await prepare()
await exitOnFailure(pnpm('--dir', 'bench', 'install', '--frozen-lockfile', '--prefer-offline'))
await exitOnFailure(turbo('build', '--filter=@mianmi/api'))
await exitOnFailure(run(process.execPath, ['bench/src/servers/variants.mjs']))
const args = process.argv.slice(2)
const [command, ...rest] = pinToLoadCore([process.execPath, 'bench/src/main.mjs', ...args])
await exitOnFailure(run(command, rest))
const pages = ['docs/benchmarks.md', 'docs/benchmarks.zh-CN.md']
await exitOnFailure(pnpm('exec', 'biome', 'format', '--write', ...pages))
