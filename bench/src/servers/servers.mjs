import { closeSync, copyFileSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startServer } from './start-server.mjs'

const bench = fileURLToPath(new URL('../..', import.meta.url))
const service = join(bench, '..', 'apps', 'api', 'dist', 'main.js')
/** variants.mjs makes them. */
const variant = (name) => join(bench, 'dist', name, 'main.js')

export const appId = 'wx62656e6368000001'
/** The same at every start, so that tokens outlive it. */
const issuer = 'http://127.0.0.1'

const fixture = (name) => join(bench, 'fixtures', `${name}.mjs`)

/** All the way: a gigabyte that the system still has to write is in the way of every commit that follows. */
function copyToDisk(original, copy) {
  copyFileSync(original, copy)
  const file = openSync(copy, 'r+')
  fsyncSync(file)
  closeSync(file)
}

/** Every server that can be started, each on a fresh copy of the data. */
export function createServers({ folder, core, secret, wechatPort }) {
  let copies = 0
  /** Nobody meets what another one wrote; the copy goes when its server stops. */
  const onCopy = async (original, start) => {
    const copy = join(folder, `copy-${++copies}.db`)
    copyToDisk(original, copy)
    const server = await start(copy)
    const stop = async () => {
      await server.stop()
      for (const suffix of ['', '-wal', '-shm', '.migrating'])
        rmSync(`${copy}${suffix}`, { force: true })
    }
    return { ...server, stop }
  }
  const startService = (options) => startOurs({ folder, core, secret, wechatPort, ...options })
  const ours = (options) => (data) =>
    onCopy(data.database, (database) => startService({ ...options, database }))
  const peer = (name) => (data) =>
    onCopy(data.database, (database) => {
      const settings = { database, publicJwk: data.publicJwk, issuer }
      return startFixture(name, { settings, core })
    })
  const betterAuth = (freePassword) => (data) =>
    onCopy(data.betterAuth.database, (database) =>
      startFixture('better-auth', { settings: { database, secret, freePassword }, core }),
    )
  return {
    startService,
    mianmi: ours(),
    mianmiLogging: ours({ logLevel: 'info' }),
    oneCommitEach: ours({ file: variant('one-commit-each') }),
    /** Leaves a CPU profile in `folder` when it is stopped. */
    mianmiProfiled: ours({
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

function startOurs({ folder, core, secret, wechatPort, database, ...options }) {
  const { file = service, logLevel = 'warn', flags = [] } = options
  const env = (port) => ({
    PORT: String(port),
    DATABASE_URL: `file:${database}`,
    WECHAT_APPS: `${appId}:secret`,
    WECHAT_API_URL: `http://127.0.0.1:${wechatPort}`,
    SECRET_KEY: secret,
    // People are made by their first login; what is measured are people who are known.
    SIGN_UP: 'auto',
    // Tokens and limits are as in production, but for lasting as long as the bench.
    ACCESS_TOKEN_TTL: '86400',
    RATE_LIMIT_FACTOR: '1000000',
    ISSUER: issuer,
    LOG_LEVEL: logLevel,
  })
  return startServer({ args: () => [...flags, file], env, core, cwd: folder, ready: '/readyz' })
}
