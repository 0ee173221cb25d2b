import type { Setting } from '@mianmi/core/admin'
import type { Config } from '../../config.ts'

type Shown = string | number | boolean | readonly string[] | undefined

/** Milliseconds in the configuration, seconds in the environment. */
const seconds = (ms: number): number => ms / 1000

/** Every variable in the order of the documentation, with what it came to; null hides a secret. */
const variables: Readonly<Record<string, ((config: Config) => Shown) | null>> = {
  HOST: ({ host }) => host,
  PORT: ({ port }) => port,
  DATABASE_URL: ({ databasePath }) => `file:${databasePath}`,
  WECHAT_APPS: null,
  WECHAT_API_URL: ({ wechatApiUrl }) => wechatApiUrl,
  SECRET_KEY: null,
  SIGN_UP: ({ signUp }) => signUp,
  ACCESS_TOKEN_TTL: ({ accessTokenTtl }) => seconds(accessTokenTtl),
  REFRESH_TOKEN_TTL: ({ refreshTokenTtl }) => seconds(refreshTokenTtl),
  TICKET_TTL: ({ ticketTtl }) => seconds(ticketTtl),
  ISSUER: ({ issuer }) => issuer,
  TRUST_PROXY: ({ trustProxy }) => trustProxy,
  RATE_LIMIT_FACTOR: ({ rateLimitFactor }) => rateLimitFactor,
  ALLOWED_ORIGINS: ({ allowedOrigins }) => allowedOrigins,
  EXPOSE_OPENID: ({ exposeOpenid }) => exposeOpenid,
  ADMIN_ACCOUNT: ({ admin }) => admin?.account,
  ADMIN_PASSWORD: null,
  LOG_LEVEL: ({ logLevel }) => logLevel,
  SHED_LOAD_AFTER: ({ shedLoadAfter }) => shedLoadAfter,
}

/** The names of all variables that the service reads. */
export const variableNames: readonly string[] = Object.keys(variables)

/** The configuration as an administrator may see it: no secret in it, whatever the environment holds. */
export function listSettings(config: Config): readonly Setting[] {
  return Object.entries(variables).map(([name, read]) => ({
    name,
    value: read === null ? null : shown(read(config)),
    secret: read === null,
    isDefault: !config.isSet(name),
  }))
}

function shown(value: Shown): string | null {
  const text = Array.isArray(value) ? value.join(', ') : String(value ?? '')
  return text === '' ? null : text
}
