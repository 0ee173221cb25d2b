import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { findPostgres } from './binaries.ts'
import { postgresOrSkip, startExternalBroker } from './broker.ts'
import { startCluster } from './cluster.ts'
import { migrateDatabase } from './migrate-database.ts'
import { describePostgres } from './test-database.ts'

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('where PostgreSQL is not installed', () => {
  const findNone = () => null

  it('one line says which tests are skipped, and why', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    onTestFinished(() => warn.mockRestore())
    expect(postgresOrSkip({}, findNone)).toBeNull()
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^Skipped: .*PostgreSQL.*\.$/)]])
  })

  it('the run fails in CI', () => {
    expect(() => postgresOrSkip({ CI: 'true' }, findNone)).toThrow('no test may be skipped')
  })

  it('a folder that was chosen and has no PostgreSQL is an error', () => {
    expect(() => findPostgres({ POSTGRES_BIN: '/nowhere' })).toThrow('POSTGRES_BIN is /nowhere')
  })
})

describePostgres('a cluster of a test', () => {
  const bin = findPostgres() ?? ''

  it('has the settings that were asked for, and leaves nothing when it is stopped', async () => {
    const cluster = await startCluster({ bin, settings: ['max_connections=7'] })
    const client = new pg.Client({ connectionString: cluster.url('postgres') })
    await client.connect()
    // The shutdown ends the connection.
    client.on('error', () => {})
    const shown = await client.query(
      `select name, setting from pg_settings where name in ('max_connections', 'fsync', 'server_encoding') order by 1`,
    )
    expect(shown.rows.map(({ setting }) => setting)).toEqual(['on', '7', 'UTF8'])
    await cluster.stop()
    expect([existsSync(cluster.folder), isRunning(cluster.pid)]).toEqual([false, false])
  })

  it('stops when the process that started it is killed', async () => {
    const script = fileURLToPath(new URL('cluster-process.ts', import.meta.url))
    const child = spawn(process.execPath, ['--experimental-strip-types', script, bin], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [line] = await once(createInterface(child.stdout), 'line')
    const { folder, pid } = JSON.parse(line) as { folder: string; pid: number }
    expect([existsSync(folder), isRunning(pid)]).toEqual([true, true])
    child.kill('SIGKILL')
    await expect.poll(() => [existsSync(folder), isRunning(pid)]).toEqual([false, false])
  })

  it('lends databases of a server that runs already, and drops them', async () => {
    const cluster = await startCluster({ bin, durable: false })
    onTestFinished(() => cluster.stop())
    const url = cluster.url('postgres?sslmode=disable')
    const broker = await startExternalBroker(url, migrateDatabase)
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const databases = async () =>
      (await client.query(`select datname from pg_database where datname like 'mianmi%'`)).rowCount
    const lent = await (await fetch(`${broker.address}/fast`, { method: 'POST' })).text()
    expect(lent).toMatch(/\/mianmi_conformance_\d+_0\?sslmode=disable$/)
    expect([await migrateDatabase(lent), await databases()]).toEqual([0, 1])
    await broker.stop()
    expect(await databases()).toBe(0)
    await client.end()
  })

  it('says why it does not start', async () => {
    await expect(startCluster({ bin, settings: ['no_such_setting=1'] })).rejects.toThrow(
      'no_such_setting',
    )
  })
})
