import { readFileSync } from 'node:fs'
import { type ConnectionOptions, getCACertificates } from 'node:tls'
import pg from 'pg'
import { asQueryError, QueryError } from './query-error.ts'
import { type PostgresHost, PostgresOpenError, type PostgresSettings } from './url.ts'

/** bigint and numeric as numbers: what is stored as one is a time, a count or a size, far below 2^53. */
const types = new pg.TypeOverrides()
types.setTypeParser(pg.types.builtins.INT8, Number)
types.setTypeParser(pg.types.builtins.NUMERIC, Number)

/** Where connections are opened to. */
export interface Hosts {
  /** To be passed to the pools as their client: connects to the host that is used now. */
  readonly Client: new () => pg.Client
  /** Which host is used now, and how. A failure is about it. */
  attempt(): HostAttempt
  /**
   * Takes the next host, or the other of encrypted and plain where the mode allows both. Returns whether it is worth
   * trying at once.
   */
  failed(attempt: HostAttempt, error: QueryError): boolean
}

interface HostAttempt {
  readonly host: PostgresHost
  readonly isEncrypted: boolean
}

/** pg cannot tell a primary from a standby, so the hosts are tried in their order, and one that is read-only is left. */
export function createHosts(settings: PostgresSettings, applicationName = 'mianmi'): Hosts {
  const { hosts, sslMode } = settings
  const rootCertificates = readRootCertificates(settings)
  const first: HostAttempt = {
    host: hosts[0],
    isEncrypted: sslMode !== 'disable' && sslMode !== 'allow' && !isSocket(hosts[0]),
  }
  let used = first
  /** Failures in a row: once around is worth trying at once, and then the call is refused. */
  let failures = 0
  const next = (): HostAttempt => {
    const index = hosts.indexOf(used.host)
    const host = hosts[(index + 1) % hosts.length] ?? hosts[0]
    return { ...first, host }
  }
  const other = (error: QueryError): HostAttempt | null => {
    if (sslMode === 'allow' && !used.isEncrypted && error.code === '28000')
      return { ...used, isEncrypted: true }
    if (sslMode === 'prefer' && used.isEncrypted && isRefusedTls(error))
      return { ...used, isEncrypted: false }
    return null
  }
  function connect(): pg.Client {
    const config = clientConfig(settings, used, rootCertificates)
    return new pg.Client({ ...config, application_name: applicationName })
  }
  return {
    Client: connect as unknown as new () => pg.Client,
    attempt: () => used,
    failed(attempt, error) {
      // Another call has changed it already.
      if (attempt !== used) return true
      const changed = other(error)
      used = changed ?? next()
      if (changed !== null) return true
      failures += 1
      return hosts.length > 1 && failures % hosts.length !== 0
    },
  }
}

/**
 * After how long without a message the system asks whether the server is still there, in ms. Its own default is two hours;
 * networks forget idle connections after a few minutes, and each would cost a call a whole `timeout`.
 */
const keepAliveMs = 30_000

const isSocket = ({ name }: PostgresHost): boolean => name.startsWith('/')

/** The server speaks no TLS, or no version of it that both know. */
const isRefusedTls = ({ cause }: QueryError): boolean =>
  cause instanceof Error &&
  (/does not support SSL/.test(cause.message) ||
    /^(ERR_SSL|EPROTO)/.test(String((cause as NodeJS.ErrnoException).code)))

function readRootCertificates({ rootCertificateFile }: PostgresSettings): string | null {
  if (rootCertificateFile === null) return null
  try {
    return readFileSync(rootCertificateFile, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new PostgresOpenError(
      `sslrootcert names ${rootCertificateFile}, which cannot be read (${code})`,
    )
  }
}

function clientConfig(
  settings: PostgresSettings,
  { host, isEncrypted }: HostAttempt,
  rootCertificates: string | null,
): pg.ClientConfig {
  return {
    host: host.name,
    port: host.port,
    user: settings.user,
    password: settings.password,
    database: settings.database,
    ssl: isEncrypted ? tlsOptions(settings, host, rootCertificates) : false,
    connectionTimeoutMillis: settings.limits.connect,
    query_timeout: settings.limits.reply,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    types,
  }
}

let known: string[] | null = null

/**
 * The authorities of the system, which an administrator can add to, and those that Node brings: a small image may have none
 * of its own. Without them Node knows its own alone.
 */
function knownAuthorities(): string[] {
  known ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
  return known
}

/** pg reads `require` as `verify-full`; libpq verifies nothing then, unless there is a root certificate. */
function tlsOptions(
  { sslMode }: PostgresSettings,
  host: PostgresHost,
  rootCertificates: string | null,
): ConnectionOptions {
  const verifiesChain =
    sslMode === 'verify-full' ||
    sslMode === 'verify-ca' ||
    (sslMode === 'require' && rootCertificates !== null)
  const authorities = rootCertificates ?? (verifiesChain ? knownAuthorities() : null)
  return {
    // Node would compare the certificate with "localhost" for a host that is an address.
    host: host.name,
    rejectUnauthorized: verifiesChain,
    ...(authorities === null ? {} : { ca: authorities }),
    ...(sslMode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  }
}

/**
 * Refuses a server that takes no writes. Reads are refused too: it may be a standby that lags, where an ended session
 * would still be found.
 *
 * It also turns off the compilation of plans (JIT), which costs more than any statement here takes, and is chosen where the
 * planner knows little of a table. Behind a pooler the setting may stay with another connection, which does no harm.
 */
export async function requirePrimary(client: pg.ClientBase): Promise<void> {
  try {
    const { rows } = await client.query(
      "select current_setting('transaction_read_only') as value, set_config('jit', 'off', false)",
    )
    if (rows[0]?.value === 'off') return noticeLeft(client)
  } catch (error) {
    throw asQueryError(error)
  }
  throw new QueryError('read_only', '25006', new Error('the server takes no writes'))
}

/**
 * Lets the server end a statement whose node has stopped waiting for it. It would notice only at the end: statements that
 * wait for a table (`VACUUM FULL`, `ALTER TABLE`) or for the disk would go on, each with a connection of the server, until
 * `max_connections` is reached. Behind a pooler this setting too may stay with another connection.
 */
async function noticeLeft(client: pg.ClientBase): Promise<void> {
  try {
    await client.query("select set_config('client_connection_check_interval', '500', false)")
  } catch (error) {
    const failure = asQueryError(error)
    // An engine that has no such setting, or a system that cannot ask (PostgreSQL on Windows).
    if (failure.kind !== 'fault') throw failure
  }
}
