import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { variableNames } from './admin/service/settings.ts'
import { type Config, readConfig } from './config/config.ts'
import { readDatabaseUrl } from './config/database-url.ts'
import type { Env } from './config/env.ts'
import { warningsOf } from './config/warnings.ts'
import {
  type Development,
  ensureDemoAccount,
  loadDevelopment,
  renewDevelopmentEnrolment,
  withDevelopmentDefaults,
} from './development.ts'
import { trackConnections } from './http/drain.ts'
import { answerHelpAndVersion } from './process/command-line.ts'
import { describeError } from './process/describe-error.ts'
import { findMisspelledVariables } from './process/unknown-variables.ts'
import { createService, type Service } from './service.ts'

/** How long requests in flight may take after SIGTERM, in ms. */
const drainMs = 10_000
/** How long attempts at webhooks may take after SIGTERM, in ms. Results are kept after it, within `drainMs`. */
const deliveryGraceMs = 8_000

/**
 * Length of the accept queue; the system's limit (somaxconn) may be lower. Node's default of 511 overflows when a
 * thousand phones reconnect at once, and a client whose connection is dropped there believes that it is connected.
 */
const backlog = 4_096

/** Time from listening to the preparation of what calls need besides, in ms. */
const warmUpDelayMs = 500

/** At the same place relative to `src/` and to `dist/`. */
const migrations = fileURLToPath(new URL('../migrations', import.meta.url))
const console = fileURLToPath(new URL('../dist/admin', import.meta.url))

/**
 * Shows the enrolment code of the administrator whom this start created, or of that of this working copy, on standard
 * error: standard output is the log, which holds no secret.
 */
async function showEnrolment(
  { store, firstAdministrator }: Service,
  development: Development | null,
): Promise<void> {
  const renewed =
    development &&
    (await renewDevelopmentEnrolment(store.administratorAccounts, development.operator))
  const enrolment = renewed ?? firstAdministrator?.enrolment
  if (enrolment === undefined) return
  const account = renewed ? development?.operator.account : firstAdministrator?.account
  const until = new Date(enrolment.expiresAt).toISOString()
  process.stderr.write(
    `mianmi: the administrator ${account} enrols an authenticator app with this code, until ${until}: ${enrolment.code}\n`,
  )
}

/** In development missing variables get defaults; production requires them. */
function readEnvironment(): { env: Env; development: Development | null } {
  if (process.env['NODE_ENV'] === 'production') return { env: process.env, development: null }
  if (existsSync('.env')) process.loadEnvFile('.env')
  const configured = process.env['WECHAT_APPS'] && process.env['SECRET_KEY']
  if (configured) return { env: process.env, development: null }
  const development = loadDevelopment(
    join('.data', 'development.json'),
    readDatabaseUrl(process.env),
  )
  return { env: withDevelopmentDefaults(process.env, development), development }
}

const help = `mianmi, the sign-in service. Usage: node main.js [--help] [--version]

It is configured by environment variables: README.md, "Run the service". The address is HOST and PORT.
SIGTERM or SIGINT ends it after what is in flight, within ${drainMs / 1000} s.
`

/** Set once the environment has been read; an error that follows can name the address. */
let config: Config | null = null

async function start(): Promise<void> {
  answerHelpAndVersion(help)
  // Database, log and secrets of development: for the user that runs the service alone.
  process.umask(0o077)
  const { env, development } = readEnvironment()
  config = readConfig(env)
  const hasDefaultAdministrator =
    development !== null && config.firstAdministrator?.account === development.operator.account
  const service = await createService(config, { migrations, console, hasDefaultAdministrator })
  const { app } = service
  if (development) await ensureDemoAccount(service.store, service.passwords, development.demo)
  await showEnrolment(service, development)
  if (development)
    app.log.warn(
      'development mode: WECHAT_APPS or SECRET_KEY is not set, so the secrets and accounts are those of .data/development.json; set NODE_ENV=production for a service with real users',
    )
  const drain = trackConnections(app.server)
  for (const { name, meant } of findMisspelledVariables(process.env, variableNames))
    app.log.warn(`the variable ${name} is unknown; was ${meant} meant?`)
  if (process.env['NODE_ENV'] === 'production')
    for (const line of warningsOf(config)) app.log.warn(line)
  let isStopping = false
  const stop = async (signal: string): Promise<void> => {
    // A further signal must not end the process before what is in flight.
    if (isStopping) return
    isStopping = true
    app.log.info({ signal }, 'stopping')
    await Promise.all([drain(drainMs), service.stopDeliveries(deliveryGraceMs)])
    await service.close()
    process.exit(0)
  }
  // Installed before it listens: a supervisor that reads "listening" may stop it at once.
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  await app.listen({ host: config.host, port: config.port, backlog })
  // Not at once: the first answer of `/readyz` would wait for it.
  await wait(warmUpDelayMs)
  // A call fails for the same reason, so it does not end the process.
  await service.store.warmUp?.().catch((error) => app.log.warn({ err: error }, 'warm-up'))
}

try {
  await start()
} catch (error) {
  process.stderr.write(`mianmi: ${describeError(error, config)}\n`)
  process.exit(1)
}
