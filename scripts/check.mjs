import process from 'node:process'
import { prepare, turbo } from './workspace.mjs'

/** Format and lint, types, dead code, import directions, packages as others would install them. */
await prepare()
process.exit(
  await turbo(
    'lint',
    'boundaries',
    'knip',
    'typecheck',
    'package',
    'review',
    ...process.argv.slice(2),
  ),
)
