import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { describePostgres } from './database.ts'

const folder = fileURLToPath(new URL('../..', import.meta.url))
const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
/** Those that depend most on several nodes; `torture/README.md` says how all of them run. */
const files = ['torture/races/refresh', 'torture/faults/stop']

describePostgres('four nodes behind a proxy', () => {
  it('pass torture tests of refreshes, thefts and stops', { timeout: 600_000 }, async () => {
    const args = ['run', '--config', '../../vitest.config.ts', '--reporter=default']
    const child = spawn(process.execPath, [vitest, ...args, '--no-file-parallelism', ...files], {
      cwd: folder,
      env: { ...process.env, E2E_DATABASE: 'postgres', E2E_NODES: '4' },
    })
    const [out, err, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ])
    expect({ code, output: code === 0 ? '' : out + err }).toEqual({ code: 0, output: '' })
  })
})
