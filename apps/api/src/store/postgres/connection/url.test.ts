import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { openPostgres } from './open-postgres.ts'
import { timeLimits } from './time-limits.ts'
import { PostgresOpenError, parsePostgresUrl } from './url.ts'

describe('the URL of a PostgreSQL database', () => {
  it('names user, password, hosts, database, TLS, the number of connections and the time limit', () => {
    const settings = parsePostgresUrl(
      'postgres://mi%20anmi:p%40ss%2Fword@db1.example.com:6432,[::1],10.0.0.7/data%20base?sslmode=verify-ca&sslrootcert=/etc/ca.pem&pool=20&timeout=3000',
    )
    expect(settings).toEqual({
      user: 'mi anmi',
      database: 'data base',
      hosts: [
        { name: 'db1.example.com', port: 6432 },
        { name: '::1', port: 5432 },
        { name: '10.0.0.7', port: 5432 },
      ],
      sslMode: 'verify-ca',
      rootCertificateFile: '/etc/ca.pem',
      pool: 20,
      limits: timeLimits(3_000),
    })
    expect(settings.password).toBe('p@ss/word')
  })

  it('may name the folder of a Unix socket', () => {
    const { hosts, sslMode } = parsePostgresUrl('postgresql://me@%2Fvar%2Frun%2Fpostgresql/mianmi')
    expect(hosts).toEqual([{ name: '/var/run/postgresql', port: 5432 }])
    expect(sslMode).toBe('prefer')
  })

  it.each([
    ['db.example.com', 'verify-full'],
    ['10.0.0.7', 'verify-full'],
    ['localhost,db.example.com', 'verify-full'],
    ['127.0.0.1', 'prefer'],
    ['localhost:5433,[::1]', 'prefer'],
  ])('without sslmode verifies the server at %s by %s', (hosts, mode) => {
    expect(parsePostgresUrl(`postgres://me:secret@${hosts}/mianmi`).sslMode).toBe(mode)
  })

  it.each([
    ['mysql://me:geheim@h/d', 'must be postgres://'],
    ['postgres://me:ge@heim@h/d', 'percent-encoded'],
    ['postgres://me:ge/heim@h/d', 'percent-encoded'],
    ['postgres://me:ge#heim@h/d', 'percent-encoded'],
    ['postgres://me:geheim%@h/d', 'its password is not percent-encoded correctly'],
    ['postgres://me:geheim@h', 'must be postgres://'],
    ['postgres://me:geheim@h:99999/d', 'host:port'],
    ['postgres://me:geheim@h,/d', 'host:port'],
    ['postgres://me:geheim@h/d?sslmode=maybe', 'sslmode must be disable, allow'],
    ['postgres://me:geheim@h/d?pool=0', 'pool must be a number from 1 to 200'],
    ['postgres://me:geheim@h/d?pool=201', 'pool must be a number from 1 to 200'],
    ['postgres://me:geheim@h/d?pool=many', 'pool must be a number from 1 to 200'],
    ['postgres://me:geheim@h/d?timeout=299', 'timeout must be a number of ms from 300 to 600000'],
    [
      'postgres://me:geheim@h/d?timeout=600001',
      'timeout must be a number of ms from 300 to 600000',
    ],
    ['postgres://me:geheim@h/d?timeout=1.5', 'timeout must be a number of ms from 300 to 600000'],
    ['postgres://me:geheim@h/d?timeout=long', 'timeout must be a number of ms from 300 to 600000'],
    [
      'postgres://me:geheim@h/d?options=-c',
      'knows the parameters sslmode, sslrootcert, pool and timeout',
    ],
  ])('refuses %s in one line without the password', (url, reason) => {
    let message = ''
    try {
      parsePostgresUrl(url)
    } catch (error) {
      expect(error).toBeInstanceOf(PostgresOpenError)
      message = (error as Error).message
    }
    expect(message).toContain(reason)
    expect(message).not.toMatch(/\n|heim/)
  })

  it('waits for a lock, a statement and a connection in the same proportion to the time limit', () => {
    const { limits } = parsePostgresUrl('postgres://me@h/d')
    expect(limits).toEqual({
      ...{ connect: 1_000, queue: 3_000, reply: 1_500, rerun: 1_000 },
      transaction: { lock: 1_000, idle: 800, statement: 1_400 },
      groups: { one: 700, many: 300 },
    })
    for (const timeout of [300, 600_000]) {
      const { reply, transaction, groups } = parsePostgresUrl(
        `postgres://me@h/d?timeout=${timeout}`,
      ).limits
      expect(reply).toBe(timeout)
      expect(transaction.idle).toBeLessThan(transaction.lock)
      expect(transaction.lock).toBeLessThan(transaction.statement)
      expect(transaction.statement).toBeLessThan(reply)
      expect(groups.many).toBeLessThan(groups.one)
      expect(groups.one).toBeLessThan(reply)
    }
  })

  it('waits longer in a process without callers, but not for a connection or a process that has stopped', () => {
    const { limits } = parsePostgresUrl('postgres://me@h/d', 30_000)
    expect(limits).toEqual({
      ...timeLimits(30_000),
      connect: 1_000,
      transaction: { lock: 20_000, idle: 800, statement: 28_000 },
    })
    const longer = parsePostgresUrl('postgres://me@h/d?timeout=60000', 30_000).limits
    expect(longer).toEqual(timeLimits(60_000))
  })

  it('shows its password in no print of the settings', () => {
    const settings = parsePostgresUrl('postgres://me:geheim@h/d')
    expect(inspect(settings, { depth: 5 }) + JSON.stringify({ ...settings })).not.toContain(
      'geheim',
    )
  })

  it.each([
    ['postgres://me:geheim@127.0.0.1:1/d', 'ECONNREFUSED'],
    ['postgres://me:geheim@127.0.0.1:1,127.0.0.1:2/d', 'ECONNREFUSED'],
    ['postgres://me:geheim@no.host.invalid/d', 'ENOTFOUND'],
    ['postgres://me:geheim@127.0.0.1:1/d?sslmode=verify-ca&sslrootcert=/no/file', 'ENOENT'],
  ])('tells in one line why %s cannot be opened', async (url, code) => {
    const error = await openPostgres(url).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(PostgresOpenError)
    expect(String(error)).toContain(code)
    expect(String(error)).not.toContain('\n')
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('geheim')
  })
})
