import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPostgres } from '../../../src/store/postgres/connection/index.ts'
import { findPostgres } from '../../../testing/postgres/binaries.ts'
import { type Cluster, startCluster } from '../../../testing/postgres/cluster.ts'
import { describePostgres } from '../../../testing/postgres/test-database.ts'
import { type Certificates, makeCertificates } from './certificates.ts'

const connection = new URL('../../../src/store/postgres/connection/index.ts', import.meta.url).href

/** How a node connects: `tls` or `plain`, or a part of the reason why it does not. */
async function connect(
  cluster: Cluster,
  { host = 'localhost', query }: { host?: string; query: string },
): Promise<string> {
  try {
    const postgres = await openPostgres(
      `postgres://mianmi@${host}:${cluster.port}/postgres?pool=1&${query}`,
    )
    const row = await postgres.reads.first<{ ssl: boolean }>(
      'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
    )
    await postgres.close()
    return row?.ssl ? 'tls' : 'plain'
  } catch (error) {
    return (error as Error).message
  }
}

describePostgres('sslmode', () => {
  let certificates: Certificates
  let encrypted: Cluster
  let plain: Cluster

  beforeAll(async () => {
    certificates = makeCertificates()
    const bin = findPostgres() ?? ''
    const { certificate, key } = certificates
    const settings = ['ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`]
    encrypted = await startCluster({ bin, durable: false, settings })
    plain = await startCluster({ bin, durable: false })
  })
  afterAll(async () => {
    await Promise.all([encrypted?.stop(), plain?.stop()])
    certificates?.remove()
  })

  const unknownAuthority = /UNABLE_TO|unable to|self-signed/
  const wrongHost = /ERR_TLS_CERT_ALTNAME_INVALID|altnames/

  // The columns: no root certificate given, that of the right authority, of another one, and the right one at an
  // address that the certificate does not name.
  it.each([
    ['disable', 'plain', 'plain', 'plain', 'plain'],
    ['allow', 'plain', 'plain', 'plain', 'plain'],
    ['prefer', 'tls', 'tls', 'tls', 'tls'],
    ['require', 'tls', 'tls', unknownAuthority, 'tls'],
    ['verify-ca', unknownAuthority, 'tls', unknownAuthority, 'tls'],
    ['verify-full', unknownAuthority, 'tls', unknownAuthority, wrongHost],
  ])('%s means what it means to libpq', async (mode, none, right, other, elsewhere) => {
    const { authority, otherAuthority } = certificates
    const query = `sslmode=${mode}`
    const given = `${query}&sslrootcert=${encodeURIComponent(authority)}`
    const wrong = `${query}&sslrootcert=${encodeURIComponent(otherAuthority)}`
    const results = [
      await connect(encrypted, { query }),
      await connect(encrypted, { query: given }),
      await connect(encrypted, { query: wrong }),
      await connect(encrypted, { query: given, host: '127.0.0.1' }),
    ]
    for (const [index, expected] of [none, right, other, elsewhere].entries())
      if (typeof expected === 'string') expect(results[index]).toBe(expected)
      else expect(results[index]).toMatch(expected)
  })

  it('says how a connection to a server with an unknown authority is corrected, and not how Node is started', async () => {
    const refused = await connect(encrypted, { query: 'sslmode=verify-full' })
    expect(refused).toMatch(/sslrootcert, or set sslmode=require/)
    expect(refused).not.toContain('--use-system-ca')
    const authority = encodeURIComponent(certificates.authority)
    const query = `sslmode=verify-full&sslrootcert=${authority}`
    expect(await connect(encrypted, { query, host: '127.0.0.1' })).toMatch(/sslmode=verify-ca/)
  })

  it.each(['verify-ca', 'verify-full'])(
    '%s trusts the authorities of the system where no file is named',
    async (mode) => {
      const url = `postgres://mianmi@localhost:${encrypted.port}/postgres?pool=1&sslmode=${mode}`
      const program = `
        const { openPostgres } = await import(${JSON.stringify(connection)})
        const postgres = await openPostgres(${JSON.stringify(url)})
        console.log(await postgres.reads.first('select ssl from pg_stat_ssl where pid = pg_backend_pid()'))
        await postgres.close()`
      // A process of its own: Node reads the certificates of the system once.
      const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], {
        env: { ...process.env, SSL_CERT_FILE: certificates.authority },
      })
      expect(stdout.trim()).toBe('{ ssl: true }')
    },
  )

  it.each(['require', 'verify-ca', 'verify-full'])(
    '%s refuses a server without TLS',
    async (mode) => {
      const refused = await connect(plain, { query: `sslmode=${mode}` })
      expect(refused).toMatch(/does not support SSL connections; .*sslmode=disable/)
    },
  )

  it('prefer and no sslmode at all connect to a local server without TLS', async () => {
    expect(await connect(plain, { query: 'sslmode=prefer' })).toBe('plain')
    expect(await connect(plain, { query: '' })).toBe('plain')
    expect(await connect(encrypted, { query: '' })).toBe('tls')
  })

  it('allow encrypts where the server takes no other connection', async () => {
    const file = join(encrypted.folder, 'data', 'pg_hba.conf')
    const before = readFileSync(file, 'utf8')
    const client = new pg.Client({
      connectionString: encrypted.url('postgres'),
      ssl: { rejectUnauthorized: false },
    })
    await client.connect()
    writeFileSync(file, 'hostssl all all all trust\n')
    await client.query('select pg_reload_conf()')
    await expect.poll(() => connect(encrypted, { query: 'sslmode=disable' })).toMatch(/pg_hba.conf/)
    expect(await connect(encrypted, { query: 'sslmode=allow' })).toBe('tls')
    writeFileSync(file, before)
    await client.query('select pg_reload_conf()')
    await client.end()
  })
})
