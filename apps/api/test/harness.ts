import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AppRouter } from '@mianmi/contracts'
import { createSandbox } from '@mianmi/wechat-sandbox'
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client'
import { onTestFinished } from 'vitest'
import { readConfig } from '../src/config/config.ts'
import type { Env } from '../src/config/env.ts'
import { createService, type Service, type ServiceEnvironment } from '../src/service.ts'
import { createSqliteStore, type Database, openDatabase } from '../src/store/sqlite/index.ts'

export const appId = 'wx00000000000000a1'
export const otherAppId = 'wx00000000000000a2'
/** Stands for a built console, which another package builds. */
const console = fileURLToPath(new URL('./console', import.meta.url))
const migrations = fileURLToPath(new URL('../migrations', import.meta.url))

/** A service on a real port, with a real database file and a WeChat of its own. */
export async function startService(
  env: Env = {},
  surroundings: Pick<ServiceEnvironment, 'logStream'> = {},
  port = 0,
) {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-api-'))
  const clock = { ahead: 0 }
  const now = () => Date.now() + clock.ahead
  const sandbox = createSandbox({ now }).app
  const sandboxUrl = await sandbox.listen({ host: '127.0.0.1', port: 0 })
  const variables = {
    DATABASE_URL: `file:${join(folder, 'test.db')}`,
    WECHAT_APPS: `${appId}:secret-one,${otherAppId}:secret-two`,
    WECHAT_API_URL: sandboxUrl,
    SECRET_KEY: randomBytes(32).toString('base64'),
    LOG_LEVEL: 'silent',
    // The tests share the machine with other work, so the service must not shed load.
    SHED_LOAD_AFTER: '600000',
    ...env,
  }
  let config = readConfig(variables)
  let running: { service: Service; url: string } | null = null
  let database: Database | null = null
  let enrolmentCode = ''
  const start = async (): Promise<void> => {
    const service = await createService(config, {
      migrations,
      console,
      now,
      openStore: async (url, options) => {
        database = openDatabase(
          url.slice('file:'.length),
          join(migrations, 'sqlite'),
          options.phones,
        )
        return createSqliteStore(database, options)
      },
      ...surroundings,
    })
    enrolmentCode = service.firstAdministrator?.enrolment.code ?? enrolmentCode
    running = { service, url: await service.app.listen({ host: '127.0.0.1', port }) }
  }
  const current = () => {
    if (running === null) throw new Error('the service is not running')
    return running
  }
  await start()
  onTestFinished(async () => {
    await current().service.close()
    await sandbox.close()
    rmSync(folder, { recursive: true })
  })
  /** Plays WeChat: who people are, what their phones do, how WeChat fails. */
  const playWechat = async <T = unknown>(path: string, input: object): Promise<T> => {
    const response = await fetch(`${sandboxUrl}/sandbox/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    })
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
    return (await response.json()) as T
  }
  const codeFrom = async (path: string, user: string, app: string): Promise<string> =>
    (await playWechat<{ code: string }>(path, { appId: app, user })).code
  return {
    client: (token?: string) => createClient(current().url, token),
    url: () => current().url,
    server: () => current().service.app.server,
    /** The code with which the first administrator enrols an app. */
    enrolmentCode: () => enrolmentCode,
    sandboxUrl,
    /** With all that has happened written to it. */
    database: () => {
      if (database === null) throw new Error('the service is not running')
      database.flush()
      return database
    },
    /** What wx.login gives this person. */
    code: (user: string, app = appId) => codeFrom('login', user, app),
    /** What the getPhoneNumber button gives this person. */
    phoneCode: (user: string, app = appId) => codeFrom('phone', user, app),
    playWechat,
    /** The service's own clock. */
    now,
    /** The calls that reached WeChat's server API. */
    wechatCalls: async (path: string): Promise<number> => {
      const response = await fetch(`${sandboxUrl}/sandbox/calls`)
      const { calls } = (await response.json()) as { calls: { path: string }[] }
      return calls.filter((call) => call.path === path).length
    },
    passTime: (ms: number) => {
      clock.ahead += ms
    },
    databasePath: config.databaseUrl.slice('file:'.length),
    store: () => current().service.store,
    /** @param change variables that differ from the first start's */
    restart: async (change: Env = {}) => {
      config = readConfig({ ...variables, ...change })
      await current().service.close()
      await start()
    },
  }
}

export type TestService = Awaited<ReturnType<typeof startService>>

function createClient(url: string, token?: string) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc`, headers })] })
}

/** The reason a call is refused with; fails the test where it is not. */
export async function reasonOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (error instanceof TRPCClientError) return String(error.data?.reason)
    throw error
  }
  throw new Error('the call was not refused')
}

export async function login(service: TestService, user: string, app = appId) {
  return service.client().miniLogin.mutate({ appId: app, code: await service.code(user, app) })
}

/** A ticket for somebody who is not bound yet. */
export async function ticketFor(service: TestService, user: string, app = appId): Promise<string> {
  const result = await login(service, user, app)
  if (result.status !== 'unbound') throw new Error(`${user} is bound already`)
  return result.ticket
}

export async function register(service: TestService, user: string, account: string) {
  const proof = { ticket: await ticketFor(service, user) }
  return service.client().register.mutate({ proof, account, password: 'correct horse' })
}
