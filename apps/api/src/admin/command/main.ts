import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { readDatabasePath } from '../../config.ts'
import { createPasswords } from '../../passwords/passwords.ts'
import { version, wantsHelpOrVersion } from '../../process/command-line.ts'
import { describeError } from '../../process/describe-error.ts'
import { requireNode } from '../../process/node-version.ts'
import { openDatabase, requireDatabase } from '../../store/index.ts'
import { createOpaqueTokens } from '../../tokens/opaque-tokens.ts'
import { createPhoneSealer } from '../../tokens/phone-sealer.ts'
import { createRootKey } from '../../tokens/root-key.ts'
import { CommandError, createAdministrator, resetSecondFactor } from './administrators.ts'
import { askPassword } from './ask-password.ts'
import { runReseal } from './reseal.ts'

const help = `Manages the administrators of mianmi. Usage: node admin.js COMMAND

  create ACCOUNT       creates an administrator; asks for the password, or reads it from standard input
  reset-totp ACCOUNT   removes the second factor of an administrator who lost the app and the recovery codes
  reseal               seals everything again under the first key of SECRET_KEY, while the service runs; the last
                       line says whether the other keys can be removed
  --help, --version

DATABASE_URL names the database, as for the service, and reseal reads SECRET_KEY as it does. The database must exist: the service creates it when it starts.
`
const usage = 'usage: create ACCOUNT, reset-totp ACCOUNT, or reseal; see --help'

/** Relative to the built file. */
const migrations = fileURLToPath(new URL('../migrations', import.meta.url))

async function run(args: readonly string[]): Promise<string> {
  const asked = wantsHelpOrVersion(args)
  if (asked !== null) return asked === 'help' ? help.trimEnd() : version
  requireNode()
  const [command, account, ...rest] = args
  if (command === 'reseal' && account === undefined)
    return runReseal(process.env, { migrations, print: printLine })
  if (account === undefined || rest.length > 0) throw new CommandError(usage)
  // A random key suffices: this command writes no phone number, and a password hash needs no key of the service.
  const root = createRootKey(randomBytes(32))
  const path = readDatabasePath(process.env)
  const open = () => openDatabase(path, migrations, createPhoneSealer(root))
  if (command !== 'create' && command !== 'reset-totp') throw new CommandError(usage)
  requireDatabase(path)
  if (command === 'create') {
    const password = await askPassword(`Password for ${account}: `)
    const database = open()
    const { newId } = createOpaqueTokens(root)
    const tools = { passwords: createPasswords(), newId, now: Date.now }
    await createAdministrator(database, tools, { account, password }).finally(database.close)
    return `${account} is an administrator now, and enrols an authenticator app at the first sign-in`
  }
  const database = open()
  try {
    resetSecondFactor(database, account)
  } finally {
    database.close()
  }
  return `${account} enrols an authenticator app at the next sign-in`
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  if (process.env['NODE_ENV'] !== 'production' && existsSync('.env')) process.loadEnvFile('.env')
  process.umask(0o077)
  printLine(await run(process.argv.slice(2)))
} catch (error) {
  const message = error instanceof CommandError ? error.message : describeError(error)
  process.stderr.write(`admin: ${message}\n`)
  process.exit(1)
}
