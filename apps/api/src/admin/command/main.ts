import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { readDatabasePath } from '../../config.ts'
import { createPasswords } from '../../passwords/passwords.ts'
import { openDatabase } from '../../store/index.ts'
import { createOpaqueTokens } from '../../tokens/opaque-tokens.ts'
import { createPhoneSealer } from '../../tokens/phone-sealer.ts'
import { createRootKey } from '../../tokens/root-key.ts'
import { CommandError, createAdministrator, resetSecondFactor } from './administrators.ts'
import { askPassword } from './ask-password.ts'

const usage = 'say: create ACCOUNT, or: reset-totp ACCOUNT'

/** Beside the built file, which is the one that is run. */
const migrations = fileURLToPath(new URL('../migrations', import.meta.url))

async function run([verb, account, ...rest]: readonly string[]): Promise<string> {
  if (account === undefined || rest.length > 0) throw new CommandError(usage)
  // No number is written here, and an administrator's password needs no key of the service.
  const root = createRootKey(randomBytes(32))
  const open = () =>
    openDatabase(readDatabasePath(process.env), migrations, createPhoneSealer(root))
  if (verb === 'create') {
    const password = await askPassword(`Password for ${account}: `)
    const database = open()
    const { newId } = createOpaqueTokens(root)
    const tools = { passwords: createPasswords(), newId, now: Date.now }
    await createAdministrator(database, tools, { account, password }).finally(database.close)
    return `${account} may enter the console, and enrols an authenticator app at the first sign-in`
  }
  if (verb !== 'reset-totp') throw new CommandError(usage)
  const database = open()
  try {
    resetSecondFactor(database, account)
  } finally {
    database.close()
  }
  return `${account} enrols an authenticator app anew at the next sign-in`
}

try {
  if (process.env['NODE_ENV'] !== 'production' && existsSync('.env')) process.loadEnvFile('.env')
  process.stdout.write(`${await run(process.argv.slice(2))}\n`)
} catch (error) {
  process.stderr.write(`admin: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
