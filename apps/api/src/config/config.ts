import { isIP } from 'node:net'
import { type LogLevel, logLevels } from '../http/request-log.ts'
import { isPostgresUrl } from '../store/open-store.ts'
import type { TracingConfig } from '../tracing/tracing.ts'
import {
  readIssuer,
  readOrigins,
  readTracing,
  readTrustProxy,
  readWebhookAllow,
  readWechatApiUrl,
} from './addresses.ts'
import { readDatabaseUrl } from './database-url.ts'
import { ConfigError, type Env, readOneOf, readText } from './env.ts'
import { type FirstAdministrator, readFirstAdministrator } from './first-administrator.ts'
import {
  readPhoneTrust,
  readPort,
  readRateLimitFactor,
  readSeconds,
  readShedLoadAfter,
} from './numbers.ts'
import { readSecretKeys, type SecretKeys } from './secret-keys.ts'
import { readAppNames, readApps } from './wechat-apps.ts'

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
  readonly firstAdministrator: FirstAdministrator | null
  readonly logLevel: LogLevel
  /** Where traces are sent. Null: nowhere. */
  readonly tracing: TracingConfig | null
  /** Mean delay of the event loop, in ms, from which on calls are refused with `overloaded`. */
  readonly shedLoadAfter: number
  /** Whether a variable was set, as opposed to its default. */
  readonly isSet: (name: string) => boolean
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
