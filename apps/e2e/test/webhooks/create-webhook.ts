import { execFile } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { environmentUnderTest } from '../under-test/database.ts'

const program = fileURLToPath(new URL('../../../api/dist/admin.js', import.meta.url))
const run = promisify(execFile)

/** Makes a webhook by command, and returns its secret. */
export async function createWebhook(
  cwd: string,
  env: Readonly<Record<string, string>>,
  { url, events }: { url: string; events: readonly string[] },
): Promise<string> {
  const args = ['webhook:create', '--url', url, '--events', events.join(',')]
  const all = environmentUnderTest(cwd, { PATH: process.env['PATH'], ...env })
  const { stdout } = await run(process.execPath, [program, ...args], { cwd, env: all })
  return stdout.trimEnd().split('\n').at(-1) ?? ''
}
