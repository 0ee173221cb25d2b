import { closeSync, copyFileSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startServer } from './start-server.mjs'

const bench = fileURLToPath(new URL('../..', import.meta.url))
const service = join(bench, '..', 'apps', 'api', 'dist', 'main.js')
/** Where Node stores the compiled code of the service: apps/api/src/entry.ts. */
const compileCache = join(dirname(service), '.compile-cache')
/** A build of variants.mjs. */
const variant = (name) => join(bench, 'dist', name, 'main.js')

export const appId = 'wx62656e6368000001'
/** The same at every start, so that tokens stay valid. */
const issuer = 'http://127.0.0.1'

const fixture = (name) => join(bench, 'fixtures', `${name}.mjs`)

/** Copies and syncs the file: a gigabyte of unwritten pages would delay every later commit. */
function copyAndSync(original, copy) {
  copyFileSync(original, copy)
  const file = openSync(copy, 'r+')
  fsyncSync(file)
  closeSync(file)
}

/** Returns a start function for each server. Each start uses a new copy of the data. */
export function createServers({ folder, core, secret, wechatPort }) {
  let copies = 0
  /** Copies the database for one server, so that it does not see writes of another. The copy is deleted at the stop. */
  const startOnCopy = async (original, start) => {
    const copy = join(folder, `copy-${++copies}.db`)
    copyAndSync(original, copy)
    const server = await start(copy)
    const stop = async () => {
      await server.stop()
      for (const suffix of ['', '-wal', '-shm', '.migrating'])
        rmSync(`${copy}${suffix}`, { force: true })
    }
    return { ...server, stop }
  }
  const startService = (options) => startMianmi({ folder, core, secret, wechatPort, ...options })
  const mianmi = (options) => (data) =>
    startOnCopy(data.database, (database) => startService({ ...options, database }))
  const peer = (name) => (data) =>
    startOnCopy(data.database, (database) => {
      const settings = { database, publicJwk: data.publicJwk, issuer }
      return startFixture(name, { settings, core })
    })
  const betterAuth = (freePassword) => (data) =>
    startOnCopy(data.betterAuth.database, (database) =>
      startFixture('better-auth', { settings: { database, secret, freePassword }, core }),
    )
  return {
    startService,
    /** Each call of a group has a statement of its own. */
    startOneStatementEach: (options) =>
      startService({ file: variant('one-statement-each'), ...options }),
    startPeer: (name, { people: _, ...settings }) =>
      startFixture(name, { settings: { ...settings, issuer }, core }),
    mianmi: mianmi(),
    /** Without the compiled code that the last start has stored. */
    mianmiFirstStart: (data) => {
      rmSync(compileCache, { recursive: true, force: true })
      return mianmi()(data)
    },
    mianmiLogging: mianmi({ logLevel: 'info' }),
    oneCommitEach: mianmi({ file: variant('one-commit-each') }),
    /** Writes a CPU profile to `folder` when it is stopped. */
    mianmiProfiled: mianmi({
      file: variant('readable'),
      flags: ['--cpu-prof', `--cpu-prof-dir=${folder}`],
    }),
    fastify: peer('fastify'),
    fastifyAlone: peer('fastify-alone'),
    trpcOfficial: peer('trpc-official'),
    express: peer('express'),
    hono: peer('hono'),
    betterAuth: betterAuth(false),
    betterAuthFreePassword: betterAuth(true),
  }
}

export function startFixture(name, { settings, core }) {
  const args = (port) => [fixture(name), JSON.stringify({ ...settings, port })]
  return startServer({ args, core, cwd: bench, ready: '/readyz' })
}

function startMianmi({ folder, core, secret, wechatPort, database, url, ...options }) {
  const { file = service, logLevel = 'warn', flags = [] } = options
  const env = (port) => ({
    PORT: String(port),
    DATABASE_URL: url ?? `file:${database}`,
    WECHAT_APPS: `${appId}:secret`,
    WECHAT_API_URL: `http://127.0.0.1:${wechatPort}`,
    SECRET_KEY: secret,
    // Users are created by their first login; the measurements use existing users.
    SIGN_UP: 'auto',
    // As in production, but tokens live for the whole run, and limits are never reached.
    ACCESS_TOKEN_TTL: '86400',
    RATE_LIMIT_FACTOR: '1000000',
    ISSUER: issuer,
    SHED_LOAD_AFTER: '1000000',
    LOG_LEVEL: logLevel,
  })
  return startServer({ args: () => [...flags, file], env, core, cwd: folder, ready: '/readyz' })
}
