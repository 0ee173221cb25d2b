import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningProcess } from '@mianmi/api/testing/process'
import type { SignedIn, Unbound } from '@mianmi/contracts'
import Sqlite from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { start } from '../../test/start-process.ts'
import { databaseFor, isOnPostgres, runStatement } from '../../test/under-test/database.ts'
import { startFakeWechat } from './fake-wechat.ts'
import { createHttpClient, dataOf } from './http-client.ts'

export const appId = 'wx6d69616e6d690001'
export const appSecret = 'sentinel-app-secret'
export const password = 'sentinel-password-1'

export interface HarnessOptions {
  readonly env?: Record<string, string>
  readonly sessionKey?: string
  /** The folder of the database; default: a new temporary folder. */
  readonly folder?: string
}

/** Starts the built service as a production process, with its database and a fake WeChat for high load. */
export async function startHarness({ env = {}, sessionKey, folder }: HarnessOptions = {}) {
  const cwd = folder ?? mkdtempSync(join(tmpdir(), 'mianmi-torture-'))
  const file = join(cwd, 'mianmi.db')
  const wechat = await startFakeWechat(sessionKey === undefined ? {} : { sessionKey })
  const startService = (port: string): RunningProcess =>
    start('service', {
      cwd,
      env: {
        NODE_ENV: 'production',
        PORT: port,
        WECHAT_APPS: `${appId}:${appSecret}`,
        SECRET_KEY: Buffer.alloc(32, 'secret key 9').toString('base64'),
        WECHAT_API_URL: wechat.url,
        ISSUER: 'https://mianmi.example',
        DATABASE_URL: `file:${file}`,
        RATE_LIMIT_FACTOR: '1000000',
        SIGN_UP: 'auto',
        ...env,
      },
    })
  let service = startService('0')
  onTestFinished(async () => {
    await service.stop('SIGKILL')
    wechat.stop()
    if (folder === undefined) rmSync(cwd, { recursive: true })
  })
  const url = await service.listening
  const client = createHttpClient(url)
  onTestFinished(client.close)
  const logs: string[] = []
  const miniLogin = (user: string) =>
    client.call<SignedIn | Unbound>('miniLogin', {
      input: { appId, code: wechat.loginCode(user) },
    })
  return {
    url,
    cwd,
    wechat,
    client,
    file,
    miniLogin,
    signIn: async (user: string): Promise<SignedIn> => {
      const result = dataOf(await miniLogin(user))
      if (result.status !== 'signedIn') throw new Error(`${user} is ${result.status}`)
      return result
    },
    ticketFor: async (user: string): Promise<string> => {
      const result = dataOf(await miniLogin(user))
      if (result.status !== 'unbound') throw new Error(`${user} is ${result.status}`)
      return result.ticket
    },
    pid: () => service.child.pid ?? 0,
    /** The output of the service, including earlier processes. */
    log: () => [...logs, service.output.stdout, service.output.stderr].join(''),
    /** Returns and clears the output since the last call; the whole log of a flood does not fit into memory. */
    takeNewLog: () => {
      const { output } = service
      const printed = output.stdout + output.stderr
      Object.assign(output, { stdout: '', stderr: '' })
      return printed
    },
    isAlive: () => service.child.exitCode === null && service.child.signalCode === null,
    stop: async (signal?: NodeJS.Signals) => {
      const code = await service.stop(signal)
      logs.push(service.output.stdout, service.output.stderr)
      return code
    },
    /** Starts the service again on the same port. Returns the time until it is ready, in ms. */
    restart: async () => {
      const startedAt = performance.now()
      service = startService(new URL(url).port)
      await service.listening
      const { status } = await client.send('/readyz')
      if (status !== 200) throw new Error(`not ready: ${status}`)
      return performance.now() - startedAt
    },
    /** Counts rows through a separate read-only connection. */
    count: (table: string): number => {
      const statement = `select count(*)::int as count from ${table}`
      if (isOnPostgres)
        return runStatement<{ count: number }>(databaseFor(file), statement)[0]?.count ?? 0
      return readDatabase(file, (database) =>
        database.prepare(`select count(*) from ${table}`).pluck().get(),
      ) as number
    },
    /** On PostgreSQL, every row of the database as a text. */
    dump: (): string =>
      runStatement<{ text: string }>(
        databaseFor(file),
        "select schema_to_xml('public', true, false, '')::text as text",
      )[0]?.text ?? '',
    integrity: () =>
      isOnPostgres
        ? 'ok'
        : readDatabase(file, (db) => db.pragma('integrity_check', { simple: true })),
  }
}

export type Harness = Awaited<ReturnType<typeof startHarness>>

function readDatabase<T>(file: string, query: (database: Sqlite.Database) => T): T {
  const database = new Sqlite(file, { readonly: true })
  try {
    return query(database)
  } finally {
    database.close()
  }
}
