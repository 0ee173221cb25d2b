import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/**
 * The long version. `--minutes N` ends each promise after N minutes at the latest; other arguments go
 * to vitest, so `pnpm torture races` runs the promises whose file name has "races" in it.
 */
const { values, positionals } = parseArgs({
  options: { minutes: { type: 'string' } },
  allowPositionals: true,
})
const filters = positionals.length > 0 ? positionals : ['torture/']
const config = ['--config', '../../vitest.config.ts', '--reporter=default']
const limits = ['--testTimeout=0', '--hookTimeout=0', '--no-file-parallelism']
const { status } = spawnSync('vitest', ['run', ...config, ...limits, ...filters], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
  env: {
    ...process.env,
    TORTURE: 'long',
    ...(values.minutes === undefined ? {} : { TORTURE_MINUTES: values.minutes }),
  },
})
process.exit(status ?? 1)
