import { existsSync } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { readDatabasePath } from '../config.ts'
import { backUp } from './backup.ts'

/** Beside the database, named by the second in UTC. */
const nameBeside = (database: string, now: Date): string =>
  `${database.replace(/\.\w+$/, '')}-${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z.backup.db`

try {
  const { values } = parseArgs({
    options: { to: { type: 'string' }, live: { type: 'boolean', default: false } },
  })
  if (process.env['NODE_ENV'] !== 'production' && existsSync('.env')) process.loadEnvFile('.env')
  // It holds password hashes and people's names: for whoever runs the service, and nobody else.
  process.umask(0o077)
  const from = readDatabasePath(process.env)
  const { to = nameBeside(from, new Date()), live } = values
  await backUp({ from, to, live }, ({ path, bytes, at, ms }) => {
    const time = new Date(at).toISOString()
    process.stdout.write(`${path}: ${bytes} bytes, all that was done by ${time}, ${ms} ms\n`)
  })
} catch (error) {
  process.stderr.write(`backup: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
