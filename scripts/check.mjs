import process from 'node:process'
import { prepare, turbo } from './workspace.mjs'

/** Format and lint, types, dead code, import directions: everything that is wrong without running it. */
await prepare()
process.exit(await turbo('lint', 'boundaries', 'knip', 'typecheck', ...process.argv.slice(2)))
