import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { pnpm, prepare, root } from './workspace.mjs'

/**
 * Mutation tests of one package: `npm run mutation -- wx-session`. Further arguments go to Stryker, for example
 * `--mutate src/session/sign-in.ts`. The reports are in the package's `.reports/mutation/`. Takes minutes, so it is no
 * part of the gate.
 */
const [name, ...args] = process.argv.slice(2)
const isPackage = ['packages', 'apps'].some((folder) =>
  existsSync(join(root, folder, name ?? '', 'stryker.config.mjs')),
)
if (!name || !isPackage) {
  console.error('Usage: npm run mutation -- PACKAGE [options of Stryker]')
  process.exit(1)
}
await prepare()
const stryker = join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js')
process.exit(await pnpm('--filter', `@mianmi/${name}`, 'exec', 'node', stryker, 'run', ...args))
