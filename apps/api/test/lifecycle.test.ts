import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import type { Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { createSandbox } from '@mianmi/wechat-sandbox'
import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished, vi } from 'vitest'
import { readConfig } from '../src/config/config.ts'
import type { Env } from '../src/config/env.ts'
import { createService } from '../src/service.ts'
import { appId } from './harness.ts'

const migrations = fileURLToPath(new URL('../migrations', import.meta.url))

/** Every monitor of the event loop, and whether it runs. */
const monitors = vi.hoisted(() => new Map<object, boolean>())
vi.mock('node:perf_hooks', async (original) => {
  const real = await original<typeof import('node:perf_hooks')>()
  const monitorEventLoopDelay: typeof real.monitorEventLoopDelay = (options) => {
    const monitor = real.monitorEventLoopDelay(options)
    const { enable, disable } = monitor
    const note = (isOn: boolean, work: () => boolean) => () => {
      monitors.set(monitor, isOn)
      return work.call(monitor)
    }
    return Object.assign(monitor, { enable: note(true, enable), disable: note(false, disable) })
  }
  return { ...real, monitorEventLoopDelay }
})

async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-lifecycle-'))
  const sandbox = createSandbox().app
  const wechatUrl = await sandbox.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(async () => {
    await sandbox.close()
    rmSync(folder, { recursive: true })
  })
  const path = join(folder, 'test.db')
  const env = {
    DATABASE_URL: `file:${path}`,
    WECHAT_APPS: `${appId}:secret-one`,
    WECHAT_API_URL: wechatUrl,
    SECRET_KEY: Buffer.alloc(32, 'secret key 7').toString('base64'),
    LOG_LEVEL: 'silent',
    SHED_LOAD_AFTER: '600000',
  }
  const start = (change: Env = {}) => {
    const config = readConfig({ ...env, ...change })
    return createService(config, { migrations, console: join(folder, 'no console') })
  }
  /** One call that asks WeChat, and is written to the audit log. */
  const login = async ({ app }: Awaited<ReturnType<typeof start>>) => {
    const body = { appId, user: 'ming' }
    const { code } = (await sandbox.inject({ method: 'POST', url: '/sandbox/login', body })).json()
    const sent = { method: 'POST', url: '/trpc/miniLogin', body: { appId, code } } as const
    expect((await app.inject(sent)).statusCode).toBe(200)
  }
  return { path, start, login, wechat: sandbox.server }
}

const connectionsOf = (server: Server) =>
  new Promise<number>((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
  })

const listenersOfProcess = () =>
  Object.fromEntries(process.eventNames().map((name) => [name, process.listenerCount(name)]))

it('a service that is closed leaves no timer, monitor, listener, connection or file open', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const { path, start, login, wechat } = await setUp()
  // The first service of a process loads what stays for the next ones, such as the logger's own listener.
  await (await start()).close()
  monitors.clear()
  const before = listenersOfProcess()
  const timersBefore = vi.getTimerCount()
  const service = await start()
  const connected = once(wechat, 'connection') as Promise<[Socket]>
  await login(service)
  const [asking] = await connected
  const hangUp = once(asking, 'close')
  expect(vi.getTimerCount()).toBeGreaterThan(timersBefore)
  expect([...monitors.values()]).toEqual([true, true])
  expect(await connectionsOf(wechat)).toBe(1)

  await service.close()
  await hangUp
  expect(vi.getTimerCount()).toBe(timersBefore)
  expect([...monitors.values()]).toEqual([false, false])
  expect(listenersOfProcess()).toEqual(before)
  expect(await connectionsOf(wechat)).toBe(0)
  await expect(service.store.health.ready()).rejects.toThrow('not open')
  // The last connection to close folds the write-ahead log back and deletes it.
  expect(existsSync(`${path}-wal`)).toBe(false)
})

it('pending writes are in the file after the service has closed', async () => {
  const { path, start, login } = await setUp()
  const service = await start()
  // No timer comes before the service is closed, so nothing is written but at its end.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  await login(service)
  const other = new Sqlite(path)
  onTestFinished(() => void other.close())
  const written = () => [
    other.prepare('select action, outcome from audit_events').all(),
    other.prepare('select api, count from wechat_counts').all(),
  ]
  expect(written()).toEqual([[], []])
  await service.close()
  expect(written()).toEqual([
    [{ action: 'sign_in', outcome: 'unbound' }],
    [{ api: '/sns/jscode2session', count: 1 }],
  ])
})

it('a start that fails at its first administrator leaves the database closed', async () => {
  const { path, start } = await setUp()
  const administrator = { ADMIN_ACCOUNT: 'ops', ADMIN_PASSWORD: 'password123' }
  await expect(start(administrator)).rejects.toThrow('ADMIN_PASSWORD')
  expect([existsSync(path), existsSync(`${path}-wal`)]).toEqual([true, false])
})
