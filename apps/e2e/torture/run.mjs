import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/**
 * Runs the torture tests at full length. `--minutes N` limits each test to N minutes; other arguments go to vitest as
 * file filters: `npm run torture -- races` runs the files with "races" in their path.
 */
const { values, positionals } = parseArgs({
  options: { minutes: { type: 'string' } },
  allowPositionals: true,
})
const config = ['--config', '../../vitest.config.ts', '--reporter=default']
const limits = ['--testTimeout=0', '--hookTimeout=0', '--no-file-parallelism']
// A filter such as "webhooks" would take the tests beside these too.
const only = ['--exclude', 'test/**']
const { status } = spawnSync('vitest', ['run', ...config, ...limits, ...only, ...positionals], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
  env: {
    ...process.env,
    TORTURE: 'long',
    ...(values.minutes === undefined ? {} : { TORTURE_MINUTES: values.minutes }),
  },
})
process.exit(status ?? 1)
