import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { ConfigError, type Env, readConfig } from './config.ts'
import {
  type Development,
  ensureDemoAccount,
  loadDevelopment,
  withDevelopmentDefaults,
} from './development.ts'
import { trackConnections } from './http/drain.ts'
import { createService } from './service.ts'

/** What is in flight at SIGTERM gets this long, in ms. */
const drainMs = 10_000

/**
 * Connections that may wait to be accepted; the system's own limit (somaxconn) may be lower. Node's 511 are
 * full when a thousand phones come back at once, and who is dropped then believes to be connected.
 */
const backlog = 4_096

/** Beside `src/` and `dist/` alike. */
const migrations = fileURLToPath(new URL('../migrations', import.meta.url))
const console = fileURLToPath(new URL('../dist/admin', import.meta.url))

/** Development fills what is missing; production refuses to start without it. */
function readEnvironment(): { env: Env; development: Development | null } {
  if (process.env['NODE_ENV'] === 'production') return { env: process.env, development: null }
  if (existsSync('.env')) process.loadEnvFile('.env')
  const configured = process.env['WECHAT_APPS'] && process.env['SECRET_KEY']
  if (configured) return { env: process.env, development: null }
  const development = loadDevelopment(join('.data', 'development.json'))
  return { env: withDevelopmentDefaults(process.env, development), development }
}

async function start(): Promise<void> {
  const { env, development } = readEnvironment()
  const config = readConfig(env)
  const service = await createService(config, { migrations, console })
  const { app } = service
  if (development) await ensureDemoAccount(service.database, service.passwords, development.demo)
  const drain = trackConnections(app.server)
  const stop = async (signal: string): Promise<void> => {
    app.log.info({ signal }, 'stopping')
    await drain(drainMs)
    await service.close()
    process.exit(0)
  }
  // Before it listens: whoever reads that it does may stop it in the same moment.
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  await app.listen({ host: config.host, port: config.port, backlog })
}

/** One line for what the operator can mend (a variable, a port in use, a file); the stack for our own faults. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const mendable = error instanceof ConfigError || 'code' in error
  return mendable ? error.message : (error.stack ?? error.message)
}

try {
  await start()
} catch (error) {
  process.stderr.write(`mianmi: ${describe(error)}\n`)
  process.exit(1)
}
