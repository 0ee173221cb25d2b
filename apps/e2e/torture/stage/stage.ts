import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SignedIn, Unbound } from '@mianmi/contracts'
import Sqlite from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { type Running, start } from '../../test/process.ts'
import { createCaller, dataOf } from './caller.ts'
import { startWechat } from './wechat.ts'

export const appId = 'wx6d69616e6d690001'
export const appSecret = 'sentinel-app-secret'
export const password = 'sentinel-password-1'

export interface StageOptions {
  readonly env?: Record<string, string>
  readonly sessionKey?: string
  /** Where the database lies; default a folder of its own. */
  readonly folder?: string
}

/** The built service as a process in production, its database, and a WeChat that can be flooded. */
export async function setStage({ env = {}, sessionKey, folder }: StageOptions = {}) {
  const cwd = folder ?? mkdtempSync(join(tmpdir(), 'mianmi-torture-'))
  const wechat = await startWechat(sessionKey === undefined ? {} : { sessionKey })
  const startService = (port: string): Running =>
    start('service', {
      cwd,
      env: {
        NODE_ENV: 'production',
        PORT: port,
        WECHAT_APPS: `${appId}:${appSecret}`,
        SECRET_KEY: Buffer.alloc(32, 9).toString('base64'),
        WECHAT_API_URL: wechat.url,
        ISSUER: 'https://mianmi.example',
        DATABASE_URL: `file:${join(cwd, 'mianmi.db')}`,
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
  const caller = createCaller(url)
  onTestFinished(caller.close)
  const logs: string[] = []
  const miniLogin = (user: string) =>
    caller.call<SignedIn | Unbound>('miniLogin', {
      input: { appId, code: wechat.loginCode(user) },
    })
  return {
    url,
    cwd,
    wechat,
    caller,
    file: join(cwd, 'mianmi.db'),
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
    /** What the service has printed, restarts included. */
    log: () => [...logs, service.output.stdout, service.output.stderr].join(''),
    /** What it has printed since it was last asked; a flood's log does not fit into memory. */
    takeLog: () => {
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
    /** Starts it again on its port; answers the ms until it is ready. */
    restart: async () => {
      const startedAt = performance.now()
      service = startService(new URL(url).port)
      await service.listening
      const { status } = await caller.send('/readyz')
      if (status !== 200) throw new Error(`not ready: ${status}`)
      return performance.now() - startedAt
    },
    /** Looks into the database from outside. */
    count: (table: string): number =>
      look(join(cwd, 'mianmi.db'), (database) =>
        database.prepare(`select count(*) from ${table}`).pluck().get(),
      ) as number,
    integrity: () =>
      look(join(cwd, 'mianmi.db'), (db) => db.pragma('integrity_check', { simple: true })),
  }
}

export type Stage = Awaited<ReturnType<typeof setStage>>

function look<T>(file: string, read: (database: Sqlite.Database) => T): T {
  const database = new Sqlite(file, { readonly: true })
  try {
    return read(database)
  } finally {
    database.close()
  }
}
