import process from 'node:process'
import { ensureNode } from './node-version.mjs'
import { pnpm, prepare } from './workspace.mjs'

/**
 * Runs the conformance suite of the stores, and the races of several nodes, on any engine that speaks PostgreSQL's
 * protocol: `npm run conformance -- postgres://user:password@host/database`.
 */
const [url, ...others] = process.argv.slice(2)
if (url === undefined || !/^postgres(ql)?:\/\//.test(url)) {
  console.error(
    'usage: npm run conformance -- postgres://user:password@host/database (the role needs CREATEDB: databases mianmi_conformance_… are created and dropped, and nothing else is touched)',
  )
  process.exit(2)
}
await ensureNode()
await prepare()
process.env['CONFORMANCE_URL'] = url
const suites = ['conformance', 'races', 'audit-chain', 'audit-races', 'migrations']
const files = suites.map((name) => `test/store/postgres/${name}.test.ts`)
const options = ['--config', '../../vitest.config.ts', ...others]
process.exit(await pnpm('--filter', '@mianmi/api', 'exec', 'vitest', 'run', ...files, ...options))
