import { existsSync } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { readExistingDatabase } from '../config/database-url.ts'
import { version, wantsHelpOrVersion } from '../process/command-line.ts'
import { repeatedOption } from '../process/repeated-option.ts'
import { backUpStore, pathOf } from '../store/open-store.ts'

/** The default target: beside the database, with the current second in UTC. */
const defaultTarget = (database: string, now: Date): string =>
  `${database.replace(/\.\w+$/, '')}-${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z.backup.db`

const help = `Copies the database of mianmi while the service runs. Usage: node backup.js [--to FILE] [--live]

  --to FILE   where the copy goes; by default beside the database, named by the time
  --live      holds no write back; the copy is then as old as its beginning
  --help, --version

DATABASE_URL names the database, as for the service. A PostgreSQL database is copied by pg_dump.
`

try {
  const asked = wantsHelpOrVersion(process.argv.slice(2))
  if (asked !== null) {
    process.stdout.write(asked === 'help' ? help : `${version}\n`)
    process.exit(0)
  }
  const { values, tokens } = parseArgs({
    options: { to: { type: 'string' }, live: { type: 'boolean', default: false } },
    tokens: true,
  })
  const repeated = repeatedOption(tokens)
  if (repeated !== null) throw new Error(`--${repeated} is given twice; see --help`)
  if (process.env['NODE_ENV'] !== 'production' && existsSync('.env')) process.loadEnvFile('.env')
  // The copy contains password hashes and personal data: only the owner of this process may read it.
  process.umask(0o077)
  const url = readExistingDatabase(process.env)
  const { to = defaultTarget(pathOf(url), new Date()), live } = values
  await backUpStore(url, { to, live }, ({ path, bytes, at, ms }) => {
    const time = new Date(at).toISOString()
    process.stdout.write(`${path}: ${bytes} bytes, everything up to ${time}, ${ms} ms\n`)
  })
} catch (error) {
  process.stderr.write(`backup: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
