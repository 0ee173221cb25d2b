import { existsSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { AuditAction } from '@mianmi/core'
import type { Enrolment } from '@mianmi/core/admin'
import { readExistingDatabase } from '../../config/database-url.ts'
import { createPasswords } from '../../passwords/passwords.ts'
import { version, wantsHelpOrVersion, written } from '../../process/command-line.ts'
import { describeError } from '../../process/describe-error.ts'
import type { AdministratorAccounts } from '../../store/store.ts'
import { createOpaqueTokens } from '../../tokens/opaque-tokens.ts'
import type { AdministratorTools, NewAdministrator } from '../service/first-administrator.ts'
import {
  CommandError,
  createAdministrator,
  resetSecondFactor,
  setPassword,
} from './administrators.ts'
import { askPassword } from './ask-password.ts'
import { runAuditVerify } from './audit-verify.ts'
import { recordCommand } from './command-log.ts'
import { commandRoot, withStore } from './command-store.ts'
import { runExport } from './export.ts'
import { runImport } from './import.ts'
import { runMigrate } from './migrate.ts'
import { runMoveTo } from './move-to.ts'
import { runReseal } from './reseal.ts'
import { runRestore } from './restore.ts'
import { isServiceKeyCommand, runServiceKeyCommand } from './service-keys.ts'
import { isWebhookCommand, runWebhookCommand } from './webhooks.ts'

const help = `Looks after the database of mianmi. Usage: node admin.js COMMAND

  create ACCOUNT         creates an administrator; asks for the password, or reads it from standard input
  set-password ACCOUNT   replaces an administrator's password, read in the same way, and ends the console sessions
  reset-totp ACCOUNT     removes an administrator's second factor: the app and the recovery codes are lost, or the
                         enrolment code has expired
  migrate                brings the schema of the database up to date, as each start of the service does
  service-key:create --name NAME --scopes A,B
                         makes a key with which another service calls /v1, and prints it as the last line, this once;
                         the scopes are introspect, users:read, identities:read, phones:read, users:write, sessions:end
  service-key:list       lists the keys with their scopes and their last use
  service-key:rotate --name NAME [--overlap HOURS]
                         prints a new key as the last line; the key before is accepted for 24 hours, or for HOURS, more
  service-key:revoke --name NAME
                         refuses a key from its next call on, on every node
  webhook:create --url URL --events A,B
                         lets another service be called when something happens to a user, and prints the secret that
                         signs the calls as the last line, this once; see docs/webhooks.md
  webhook:list           lists the webhooks with what is pending and dead
  webhook:rotate --id ID [--overlap HOURS]
                         prints a new secret as the last line; the one before signs too for 24 hours, or for HOURS, more
  webhook:remove --id ID
                         removes a webhook, with what was to be sent to it
  audit:verify           checks that no line of the audit log was altered, deleted or inserted, while the service may
                         run; names the first broken place, and ends with code 1 then
  reseal [--discard-unreadable]
                         seals everything again under the first key of SECRET_KEY, while the service runs; the last
                         line says whether the other keys can be removed. --discard-unreadable: for a lost key; deletes
                         the phone numbers, second factors and session keys that no listed key opens
  import FILE [--dry-run]
                         creates the users of a file of JSON lines, with their password hashes and WeChat identities,
                         while the service may run; see docs/import.md. --dry-run: only says what would happen
  export [--phones] [--to FILE]
                         writes all users in the same format. --phones: with their phone numbers in the clear
  restore FILE           puts a copy that backup.js has made in place of the SQLite database, while the service is stopped,
                         and keeps the database before under another name
  move-to postgres://USER:PASSWORD@HOST/DATABASE
                         copies the SQLite database of DATABASE_URL into an empty PostgreSQL database and compares the
                         two, while the service is stopped; see docs/many-nodes.md. No user is signed out
  --help, --version

create and reset-totp print, as the last line, a code with which the administrator enrols an authenticator app at the
next sign-in. It is valid once, for 24 hours.

DATABASE_URL names the database, as for the service. A SQLite database must exist, but for restore: the service creates it when it starts.
audit:verify, reseal, import, export, move-to, webhook:create and webhook:rotate read SECRET_KEY as the service does, import
WECHAT_APPS, and webhook:create WEBHOOK_ALLOW. The other commands
use SECRET_KEY for their lines in the audit log only: without it the service adds them, at once when it runs, or at its
next start.
`
const names =
  'create, set-password, reset-totp, migrate, service-key:create|list|rotate|revoke, webhook:create|list|rotate|remove, audit:verify, reseal, import, export, restore and move-to; see --help'

/** Relative to the built file. */
const migrations = fileURLToPath(new URL('../migrations', import.meta.url))

type Command = (
  administrators: AdministratorAccounts,
  tools: AdministratorTools,
  administrator: NewAdministrator,
) => Promise<string>

const commands = {
  create: async (administrators, tools, administrator) => {
    const enrolment = await createAdministrator(administrators, tools, administrator)
    return describeEnrolment(`${administrator.account} is an administrator now.`, enrolment)
  },
  'set-password': async (administrators, tools, administrator) => {
    await setPassword(administrators, tools, administrator)
    return `${administrator.account} has a new password; the console sessions have ended`
  },
  'reset-totp': async (administrators, { now }, { account }) => {
    const enrolment = await resetSecondFactor(administrators, account, now())
    return describeEnrolment(`${account} has no second factor now.`, enrolment)
  },
} satisfies Readonly<Record<string, Command>>

const actions = {
  create: 'command.create',
  'set-password': 'command.setPassword',
  'reset-totp': 'command.resetTotp',
} as const satisfies Readonly<Record<keyof typeof commands, AuditAction>>

const isCommand = (name: string | undefined): name is keyof typeof commands =>
  name !== undefined && Object.hasOwn(commands, name)
const readsPassword = (command: keyof typeof commands): boolean => command !== 'reset-totp'

/** The code is the last line, so that a script can take it. */
const describeEnrolment = (done: string, { code, expiresAt }: Enrolment): string =>
  `${done} The next sign-in enrols an authenticator app with this code, until ${new Date(expiresAt).toISOString()}:\n${code}`

/** Runs the command that the arguments name. Returns the last line to print, null for none. */
async function run(args: readonly string[]): Promise<string | null> {
  const asked = wantsHelpOrVersion(args)
  if (asked !== null) return asked === 'help' ? help.trimEnd() : version
  const [command, ...others] = args
  if (command === 'import')
    return runImport({ env: process.env, args: others, migrations, print: printLine })
  if (command === 'export') return runExport({ env: process.env, args: others, migrations })
  if (command === 'move-to')
    return runMoveTo({ env: process.env, args: others, migrations, print: printLine })
  if (isServiceKeyCommand(command))
    return runServiceKeyCommand(command, others, { env: process.env, migrations })
  if (isWebhookCommand(command))
    return runWebhookCommand(command, others, { env: process.env, migrations })
  if (command === 'restore') return runRestore({ env: process.env, migrations }, others)
  if (command === 'reseal') return runReseal(process.env, others, { migrations, print: printLine })
  if (command === 'migrate' || command === 'audit:verify') {
    if (others.length > 0) throw new CommandError(`${command} takes no argument`)
    const runOne = command === 'migrate' ? runMigrate : runAuditVerify
    return runOne(process.env, migrations)
  }
  const [account, ...rest] = others
  if (command === undefined) throw new CommandError(`a command is missing; there are ${names}`)
  if (!isCommand(command))
    throw new CommandError(`there is no command ${command}; there are ${names}`)
  if (account === undefined)
    throw new CommandError(`${command} needs an account: ${command} ACCOUNT`)
  if (rest.length > 0)
    throw new CommandError(
      `${command} takes one account, and not ${others.length}: ${command} ACCOUNT`,
    )
  readExistingDatabase(process.env)
  const password = readsPassword(command) ? await askPassword(`Password for ${account}: `) : ''
  const root = commandRoot(process.env)
  const { newId } = createOpaqueTokens(root)
  const tools = { passwords: createPasswords(), newId, now: Date.now }
  return withStore({ env: process.env, root, migrations }, (store) =>
    recordCommand(process.env, store, {
      action: actions[command],
      account,
      run: () => commands[command](store.administratorAccounts, tools, { account, password }),
    }),
  )
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  if (process.env['NODE_ENV'] !== 'production' && existsSync('.env')) process.loadEnvFile('.env')
  process.umask(0o077)
  // A reader that has seen enough, as `head` has: what a command does is not undone by that.
  process.stdout.on('error', () => {})
  const lastLine = await run(process.argv.slice(2))
  if (lastLine !== null) printLine(lastLine)
} catch (error) {
  const message = error instanceof CommandError ? error.message : describeError(error)
  process.stderr.write(`admin: ${message}\n`)
  await written(process.stdout)
  process.exit(1)
}
