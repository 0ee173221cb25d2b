import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { ensureNode } from './node-version.mjs'
import { onEnd } from './signals.mjs'
import { pnpm, prepare, root } from './workspace.mjs'

/**
 * Runs one command of the workspace, such as `biome check .` or `node bench/run.mjs`, on a Node that is new enough:
 * `node scripts/run.mjs COMMAND [ARGUMENT…]`. The command has the terminal, so it may ask for a password.
 */
await ensureNode()
const [command, ...args] = process.argv.slice(2)
if (command === undefined) {
  console.error('usage: node scripts/run.mjs COMMAND [ARGUMENT…]')
  process.exit(2)
}
const tools = join(root, 'node_modules', '.bin')
if (!existsSync(tools)) await prepare()
if (command === 'pnpm') process.exit(await pnpm(...args))
const isBuilt = command !== 'node' || args[0].startsWith('-') || existsSync(join(root, args[0]))
if (!isBuilt) {
  console.error(`${args[0]} is not built yet: npm run turbo -- build --filter=@mianmi/api`)
  process.exit(1)
}

const child = spawn(command === 'node' ? process.execPath : command, args, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${tools}${delimiter}${process.env.PATH}` },
  // The tools are scripts, which Windows starts through its shell only.
  shell: process.platform === 'win32',
})
// This process ends when the command has.
onEnd((signal) => child.kill(signal))
child.once('error', (error) => {
  console.error(error.message)
  process.exit(1)
})
child.once('exit', (code) => process.exit(code ?? 1))
