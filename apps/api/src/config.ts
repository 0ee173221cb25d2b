import { isIP } from 'node:net'
import { newPassword } from '@mianmi/contracts/schemas'
import { accountNameAlphabet, accountNameLength } from '@mianmi/core'
import { type LogLevel, logLevels } from './http/request-log.ts'
import { faultOfPostgresUrl, isPostgresUrl } from './store/open-store.ts'
import type { TracingConfig } from './tracing/tracing.ts'
import { isRange } from './webhooks/address-guard.ts'

/** The environment variables, checked and converted to the units that the service uses. */
export interface Config {
  readonly host: string
  readonly port: number
  /** `file:PATH`, or `postgres://…`, which may hold a password. */
  readonly databaseUrl: string
  /** appid → secret */
  readonly wechatApps: Readonly<Record<string, string>>
  /** appid → the name by which the console calls the app */
  readonly wechatAppNames: Readonly<Record<string, string>>
  readonly wechatApiUrl: string | undefined
  /** The first key seals and signs; all of them open and verify. */
  readonly secretKeys: SecretKeys
  readonly signUp: 'bind' | 'auto'
  /** In ms, as the two below. */
  readonly accessTokenTtl: number
  readonly refreshTokenTtl: number
  readonly ticketTtl: number
  /** How long a proven number vouches for its owner, in ms; 0: never. */
  readonly phoneTrust: number
  readonly issuer: string
  /** Multiplies every rate limit of the service. */
  readonly rateLimitFactor: number
  /** Whether the replies of the REST routes contain openid and unionid. */
  readonly exposeOpenid: boolean
  /** Whether access tokens carry the external id of their user. */
  readonly externalIdClaim: boolean
  readonly trustProxy: readonly string[]
  readonly allowedOrigins: readonly string[]
  /** Addresses and CIDR ranges that are not public and that webhooks may call. */
  readonly webhookAllow: readonly string[]
  /** The administrator to create when there is none yet. */
  readonly firstAdministrator: { readonly account: string; readonly password: string } | null
  readonly logLevel: LogLevel
  /** Where traces are sent. Null: nowhere. */
  readonly tracing: TracingConfig | null
  /** Mean delay of the event loop, in ms, from which on calls are refused with `overloaded`. */
  readonly shedLoadAfter: number
  /** Whether a variable was set, as opposed to its default. */
  readonly isSet: (name: string) => boolean
}

export type SecretKeys = readonly [Uint8Array, ...Uint8Array[]]
export type Env = Readonly<Record<string, string | undefined>>

/** Names the invalid variable and what is wrong with it. The message never contains the value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Checks the environment. @throws ConfigError that names the invalid variable */
export function readConfig(env: Env): Config {
  const host = readText(env, 'HOST') ?? '127.0.0.1'
  const port = readPort(env)
  const databaseUrl = readDatabaseUrl(env)
  const issuer = readIssuer(env)
  if (isPostgresUrl(databaseUrl) && issuer === undefined)
    throw new ConfigError(
      'ISSUER is missing; with PostgreSQL each node has the same one, the public address of the service',
    )
  return {
    host,
    port,
    databaseUrl,
    wechatApps: readApps(env),
    wechatAppNames: readAppNames(env),
    wechatApiUrl: readWechatApiUrl(env),
    secretKeys: readSecretKeys(env),
    signUp: readOneOf(env, 'SIGN_UP', ['bind', 'auto']) ?? 'bind',
    accessTokenTtl: readSeconds(env, 'ACCESS_TOKEN_TTL', 900),
    refreshTokenTtl: readSeconds(env, 'REFRESH_TOKEN_TTL', 2_592_000),
    ticketTtl: readSeconds(env, 'TICKET_TTL', 300),
    phoneTrust: readPhoneTrust(env),
    issuer: issuer ?? `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`,
    rateLimitFactor: readRateLimitFactor(env),
    exposeOpenid: readOneOf(env, 'EXPOSE_OPENID', ['true', 'false']) === 'true',
    externalIdClaim: readOneOf(env, 'EXTERNAL_ID_CLAIM', ['true', 'false']) === 'true',
    trustProxy: readTrustProxy(env),
    allowedOrigins: readOrigins(env),
    webhookAllow: readWebhookAllow(env),
    firstAdministrator: readFirstAdministrator(env),
    logLevel: readOneOf(env, 'LOG_LEVEL', logLevels) ?? 'info',
    tracing: readTracing(env),
    shedLoadAfter: readShedLoadAfter(env),
    isSet: (name) => readText(env, name) !== undefined,
  }
}

function readText(env: Env, name: string): string | undefined {
  const value = env[name]?.trim()
  return value === '' ? undefined : value
}

function readList(env: Env, name: string): string[] {
  const value = readText(env, name)
  return value === undefined ? [] : value.split(',').map((item) => item.trim())
}

function readOneOf<const T extends string>(
  env: Env,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const value = readText(env, name)
  if (value === undefined) return undefined
  const match = allowed.find((item) => item === value)
  if (match === undefined) throw new ConfigError(`${name} must be one of ${allowed.join(', ')}`)
  return match
}

/** 1,000 years: a Date shifted by this much can still be formatted. */
const maxSeconds = 31_557_600_000

function readSeconds(env: Env, name: string, fallback: number): number {
  const value = readText(env, name)
  if (value === undefined) return fallback * 1000
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
  if (!(number > 0 && number <= maxSeconds))
    throw new ConfigError(`${name} must be a positive number of seconds`)
  return Math.max(1, Math.round(number * 1000))
}

function readPhoneTrust(env: Env): number {
  const value = readText(env, 'PHONE_TRUST_DAYS') ?? '90'
  const days = /^\d{1,6}(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
  if (Number.isNaN(days))
    throw new ConfigError('PHONE_TRUST_DAYS must be a number of days up to 999999, or 0')
  return Math.round(days * 86_400_000)
}

function readRateLimitFactor(env: Env): number {
  const value = readText(env, 'RATE_LIMIT_FACTOR') ?? '1'
  const factor = /^\d{1,9}(\.\d+)?$/.test(value) ? Number(value) : 0
  if (factor === 0) throw new ConfigError('RATE_LIMIT_FACTOR must be a positive number')
  return factor
}

function readShedLoadAfter(env: Env): number {
  const value = readText(env, 'SHED_LOAD_AFTER') ?? '500'
  const ms = /^\d{1,9}$/.test(value) ? Number(value) : 0
  if (ms === 0) throw new ConfigError('SHED_LOAD_AFTER must be a positive number of milliseconds')
  return ms
}

function readPort(env: Env): number {
  const value = readText(env, 'PORT') ?? '3000'
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN
  if (!(port <= 65_535)) throw new ConfigError('PORT must be a number from 0 to 65535')
  return port
}

/** The URL of the database, as `openStore` takes it. @throws ConfigError, which never contains the password */
export function readDatabaseUrl(env: Env): string {
  const url = readText(env, 'DATABASE_URL') ?? 'file:.data/mianmi.db'
  if (isPostgresUrl(url)) {
    const fault = faultOfPostgresUrl(url)
    if (fault !== null) throw new ConfigError(fault)
    return url
  }
  if (!url.startsWith('file:') || url.length === 'file:'.length)
    throw new ConfigError(
      'DATABASE_URL must be file:PATH or postgres://user:password@host/database',
    )
  const path = url.slice('file:'.length)
  if (/^\/\/[^/]/.test(path))
    throw new ConfigError(
      'DATABASE_URL must be file:PATH or file:///PATH; a host (file://host/…) is not supported',
    )
  return `file:${path.replace(/^\/\/(?=\/)/, '')}`
}

/** The configured apps. @throws ConfigError */
export const readAppIds = (env: Env): string[] => Object.keys(readApps(env))

/**
 * WeChat's appids are `wx` and 16 hexadecimal digits. Test servers may use others, so only the separators are
 * refused.
 */
function readApps(env: Env): Record<string, string> {
  const entries = readList(env, 'WECHAT_APPS')
  if (entries.length === 0)
    throw new ConfigError('WECHAT_APPS is missing; it must be appid:secret[,appid:secret…]')
  const apps: Record<string, string> = Object.create(null)
  for (const [index, entry] of entries.entries()) {
    const [appId = '', secret = '', ...rest] = entry.split(':').map((part) => part.trim())
    const entryName = `entry ${index + 1} of WECHAT_APPS`
    if (!/^[\w-]{1,64}$/.test(appId)) throw new ConfigError(`${entryName} has no valid appid`)
    if (secret === '')
      throw new ConfigError(`${entryName} (${appId}) has an empty or missing secret`)
    if (rest.length > 0)
      throw new ConfigError(`${entryName} (${appId}) is not of the form appid:secret`)
    if (appId in apps) throw new ConfigError(`${entryName} repeats the appid ${appId}`)
    apps[appId] = secret
  }
  return apps
}

/** In UTF-16 units; a longer name would not fit into the console's tables. */
const maxAppNameLength = 30

function readAppNames(env: Env): Record<string, string> {
  const apps = readApps(env)
  const names: Record<string, string> = Object.create(null)
  for (const [index, entry] of readList(env, 'WECHAT_APP_NAMES').entries()) {
    const entryName = `entry ${index + 1} of WECHAT_APP_NAMES`
    const colon = entry.indexOf(':')
    const appId = entry.slice(0, Math.max(colon, 0)).trim()
    const name = entry.slice(colon + 1).trim()
    if (colon < 1 || name === '')
      throw new ConfigError(`${entryName} is not of the form appid:name`)
    if (!(appId in apps))
      throw new ConfigError(`${entryName} names an appid that WECHAT_APPS lacks`)
    if (name.length > maxAppNameLength || /\p{Cc}/u.test(name))
      throw new ConfigError(
        `${entryName} must be a name of at most ${maxAppNameLength} characters without control characters`,
      )
    if (appId in names) throw new ConfigError(`${entryName} repeats the appid ${appId}`)
    names[appId] = name
  }
  return names
}

function readWechatApiUrl(env: Env): string | undefined {
  const value = readText(env, 'WECHAT_API_URL')
  if (value === undefined) return undefined
  const url = URL.canParse(value) ? new URL(value) : null
  const loopback = url !== null && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback)))
    throw new ConfigError(
      'WECHAT_API_URL must be an https address, or plain http on a loopback address',
    )
  return value
}

/** It is kept as it was written, because verifiers compare `iss` as text; avatar addresses continue it. */
function readIssuer(env: Env): string | undefined {
  const value = readText(env, 'ISSUER')
  if (value === undefined) return undefined
  const url = /^https?:\/\/[^\s\\?#]+$/i.test(value) && URL.canParse(value) ? new URL(value) : null
  if (url === null || url.username !== '' || url.password !== '')
    throw new ConfigError(
      'ISSUER must be an http or https address without user, query and fragment, like https://example.com',
    )
  return value
}

/** Whether SECRET_KEY is set, whatever it holds. */
export const hasSecretKey = (env: Env): boolean => readText(env, 'SECRET_KEY') !== undefined

/** @throws ConfigError that names the position of the invalid key */
export function readSecretKeys(env: Env): SecretKeys {
  const keys: Buffer[] = []
  for (const [index, text] of readList(env, 'SECRET_KEY').entries()) {
    const name = `key ${index + 1} of SECRET_KEY`
    if (text === '') throw new ConfigError(`${name} is empty`)
    const key = Buffer.from(text, 'base64')
    if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text) || key.length < 32)
      throw new ConfigError(`${name} must be base64 of at least 32 bytes`)
    if (key.every((byte) => byte === key[0]))
      throw new ConfigError(`${name} has equal bytes; make one with: openssl rand -base64 32`)
    const same = keys.findIndex((other) => other.equals(key))
    if (same !== -1) throw new ConfigError(`${name} repeats key ${same + 1}`)
    keys.push(key)
  }
  const [first, ...former] = keys
  if (first === undefined)
    throw new ConfigError('SECRET_KEY is missing; make one with: openssl rand -base64 32')
  return [first, ...former]
}

function readTrustProxy(env: Env): string[] {
  const ranges = readList(env, 'TRUST_PROXY')
  for (const range of ranges) {
    const [address = '', bits, ...rest] = range.split('/')
    const maxBits = isIP(address) === 4 ? 32 : 128
    const hasValidBits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= maxBits)
    if (isIP(address) === 0 || !hasValidBits || rest.length > 0)
      throw new ConfigError('TRUST_PROXY must be addresses or CIDR ranges, separated by commas')
  }
  return ranges
}

/** The ranges of addresses that are not public and that webhooks may call. @throws ConfigError */
export function readWebhookAllow(env: Env): string[] {
  const ranges = readList(env, 'WEBHOOK_ALLOW')
  if (!ranges.every(isRange))
    throw new ConfigError('WEBHOOK_ALLOW must be addresses or CIDR ranges, separated by commas')
  return ranges
}

/** Named as by OpenTelemetry; its libraries read the other variables of the specification themselves. */
function readTracing(env: Env): TracingConfig | null {
  const ratio = Number(readText(env, 'OTEL_TRACES_SAMPLER_ARG') ?? '1')
  if (!(ratio > 0 && ratio <= 1))
    throw new ConfigError('OTEL_TRACES_SAMPLER_ARG must be a number above 0, up to 1')
  const endpoint = readText(env, 'OTEL_EXPORTER_OTLP_ENDPOINT')
  if (endpoint === undefined) return null
  const url =
    /^https?:\/\/[^\s?#]+$/i.test(endpoint) && URL.canParse(endpoint) ? new URL(endpoint) : null
  if (url === null || url.username !== '' || url.password !== '')
    throw new ConfigError(
      'OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https address without user and query, like http://127.0.0.1:4318',
    )
  return { endpoint, serviceName: readText(env, 'OTEL_SERVICE_NAME') ?? 'mianmi', ratio }
}

/** There is no default: a known default password would open every service that keeps it. */
function readFirstAdministrator(env: Env): Config['firstAdministrator'] {
  const account = readText(env, 'ADMIN_ACCOUNT')
  // Not trimmed: a password may begin or end with a space.
  const password = env['ADMIN_PASSWORD'] || undefined
  if (account === undefined && password === undefined) return null
  if (account === undefined) throw new ConfigError('ADMIN_ACCOUNT is missing beside ADMIN_PASSWORD')
  if (password === undefined)
    throw new ConfigError('ADMIN_PASSWORD is missing beside ADMIN_ACCOUNT')
  const { least, most } = accountNameLength
  if (!accountNameAlphabet.test(account) || account.length < least || account.length > most)
    throw new ConfigError('ADMIN_ACCOUNT must be 3 to 64 letters, digits and . _ - @ +')
  if (!newPassword.safeParse(password).success)
    throw new ConfigError('ADMIN_PASSWORD must have 8 to 128 characters')
  return { account, password }
}

function readOrigins(env: Env): string[] {
  const origins = readList(env, 'ALLOWED_ORIGINS')
  for (const origin of origins)
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw new ConfigError(
        'ALLOWED_ORIGINS must be origins like https://example.com, separated by commas',
      )
  return origins
}
