import { DatabaseOpenError } from '../../database-open-error.ts'
import { defaultTimeout, patientLimits, type TimeLimits, timeLimits } from './time-limits.ts'

/** The message never contains the password. */
export class PostgresOpenError extends DatabaseOpenError {
  override readonly name = 'PostgresOpenError'

  constructor(reason: string) {
    super(`DATABASE_URL: ${reason}`)
  }
}

/** How a connection is encrypted, with libpq's meaning: https://www.postgresql.org/docs/current/libpq-ssl.html */
export type SslMode = (typeof sslModes)[number]

const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const

export interface PostgresHost {
  /** A name, an address, or the folder of a Unix socket. */
  readonly name: string
  readonly port: number
}

/** What `DATABASE_URL` says. */
export interface PostgresSettings {
  readonly hosts: readonly [PostgresHost, ...PostgresHost[]]
  readonly database: string
  readonly user: string
  /** Undefined where the URL has none; it is not enumerable, so that no log line prints it. */
  readonly password?: string | undefined
  readonly sslMode: SslMode
  /** The file with the certificates of the authorities; null for those of the system. */
  readonly rootCertificateFile: string | null
  /** How many connections a node may open. */
  readonly pool: number
  readonly limits: TimeLimits
}

const defaultPort = 5432
const defaultPool = 8
const maxPool = 200
const [minTimeout, maxTimeout] = [300, 600_000]

const form =
  /^postgres(?:ql)?:\/\/(?:([^:@/?#]+)(?::([^:@/?#]*))?@)?([^@/?#]+)\/([^@/?#]+)(?:\?([^#]*))?$/
const hostForm = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+|%2F[A-Za-z0-9._%-]*))(?::(\d{1,5}))?$/i

/**
 * Reads a URL `postgres://user:password@host[:port][,host2[:port]]/database?sslmode=…&sslrootcert=…&pool=…&timeout=…`.
 *
 * @param waitMs see `PostgresOptions`
 * @throws PostgresOpenError. No message repeats a part of the URL that may be the password.
 */
export function parsePostgresUrl(url: string, waitMs?: number): PostgresSettings {
  const match = form.exec(url)
  if (match === null)
    throw new PostgresOpenError(
      'must be postgres://user:password@host/database?sslmode=…; special characters in the password must be percent-encoded',
    )
  const [, user, password, hostList = '', database = '', query = ''] = match
  const hosts = readHosts(hostList)
  const options = readOptions(query)
  const settings = {
    hosts,
    database: decode(database, 'database'),
    user: user === undefined ? 'postgres' : decode(user, 'user'),
    sslMode: options.sslMode ?? (hosts.every(isLocal) ? 'prefer' : 'verify-full'),
    rootCertificateFile: options.rootCertificateFile,
    pool: options.pool,
    limits: patientLimits(timeLimits(options.timeout), waitMs),
  }
  if (password !== undefined)
    Object.defineProperty(settings, 'password', { value: decode(password, 'password') })
  return settings
}

function readHosts(list: string): [PostgresHost, ...PostgresHost[]] {
  const [first, ...others] = list.split(',').map((entry) => {
    const match = hostForm.exec(entry)
    const port = Number(match?.[3] ?? defaultPort)
    if (match === null || port < 1 || port > 65_535)
      throw new PostgresOpenError('must name its hosts as host:port, separated by commas')
    return { name: match[1] ?? decode(match[2] ?? '', 'host'), port }
  })
  if (first === undefined) throw new PostgresOpenError('must name a host')
  return [first, ...others]
}

function readOptions(query: string) {
  let sslMode: SslMode | null = null
  let rootCertificateFile: string | null = null
  let pool = defaultPool
  let timeout = defaultTimeout
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === 'sslmode') sslMode = readSslMode(value)
    else if (name === 'sslrootcert') rootCertificateFile = value === 'system' ? null : value
    else if (name === 'pool') pool = readPool(value)
    else if (name === 'timeout') timeout = readTimeout(value)
    else
      throw new PostgresOpenError(
        'knows the parameters sslmode, sslrootcert, pool and timeout only',
      )
  }
  return { sslMode, rootCertificateFile, pool, timeout }
}

function readSslMode(value: string): SslMode {
  const mode = sslModes.find((known) => known === value)
  if (mode === undefined) throw new PostgresOpenError(`sslmode must be ${sslModes.join(', ')}`)
  return mode
}

function readPool(value: string): number {
  const pool = /^\d{1,3}$/.test(value) ? Number(value) : 0
  if (pool < 1 || pool > maxPool)
    throw new PostgresOpenError(`pool must be a number from 1 to ${maxPool}`)
  return pool
}

function readTimeout(value: string): number {
  const timeout = /^\d{1,6}$/.test(value) ? Number(value) : 0
  if (timeout < minTimeout || timeout > maxTimeout)
    throw new PostgresOpenError(
      `timeout must be a number of ms from ${minTimeout} to ${maxTimeout}`,
    )
  return timeout
}

function decode(value: string, part: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    throw new PostgresOpenError(`its ${part} is not percent-encoded correctly`)
  }
}

/** No network is between this process and the database. */
const isLocal = ({ name }: PostgresHost): boolean =>
  name === 'localhost' || name === '::1' || name.startsWith('127.') || name.startsWith('/')
