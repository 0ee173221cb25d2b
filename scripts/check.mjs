import process from 'node:process'
import { prepare, run, turbo } from './workspace.mjs'

/** Versions known to be unsafe, format and lint, types, dead code, import directions, packages as others install them. */
await prepare()
const unsafe = await run(process.execPath, ['scripts/safe-versions.mjs'])
if (unsafe !== 0) process.exit(unsafe)
const checked = await turbo(
  'lint',
  'boundaries',
  'knip',
  'typecheck',
  'package',
  'review',
  ...process.argv.slice(2),
)
if (checked !== 0) process.exit(checked)
process.exit(await run(process.execPath, ['packaging/run.mjs']))
