import type { Setting } from '@mianmi/core/admin'
import type { Config } from '../../config/config.ts'
import { describeUrl } from '../../store/open-store.ts'

type SettingValue = string | number | boolean | readonly string[] | undefined

/** The configuration is in ms, the environment in seconds. */
const inSeconds = (ms: number): number => ms / 1000

/** All environment variables in the order of the README, with their effective value. Null hides a secret. */
const variables: Readonly<Record<string, ((config: Config) => SettingValue) | null>> = {
  HOST: ({ host }) => host,
  PORT: ({ port }) => port,
  DATABASE_URL: ({ databaseUrl }) => describeUrl(databaseUrl),
  WECHAT_APPS: null,
  WECHAT_APP_NAMES: ({ wechatAppNames }) =>
    Object.entries(wechatAppNames).map(([appId, name]) => `${appId}:${name}`),
  WECHAT_API_URL: ({ wechatApiUrl }) => wechatApiUrl,
  SECRET_KEY: null,
  SIGN_UP: ({ signUp }) => signUp,
  ACCESS_TOKEN_TTL: ({ accessTokenTtl }) => inSeconds(accessTokenTtl),
  REFRESH_TOKEN_TTL: ({ refreshTokenTtl }) => inSeconds(refreshTokenTtl),
  TICKET_TTL: ({ ticketTtl }) => inSeconds(ticketTtl),
  ISSUER: ({ issuer }) => issuer,
  TRUST_PROXY: ({ trustProxy }) => trustProxy,
  RATE_LIMIT_FACTOR: ({ rateLimitFactor }) => rateLimitFactor,
  ALLOWED_ORIGINS: ({ allowedOrigins }) => allowedOrigins,
  WEBHOOK_ALLOW: ({ webhookAllow }) => webhookAllow,
  PHONE_TRUST_DAYS: ({ phoneTrust }) => phoneTrust / 86_400_000,
  EXPOSE_OPENID: ({ exposeOpenid }) => exposeOpenid,
  EXTERNAL_ID_CLAIM: ({ externalIdClaim }) => externalIdClaim,
  ADMIN_ACCOUNT: ({ firstAdministrator }) => firstAdministrator?.account,
  ADMIN_PASSWORD: null,
  OTEL_EXPORTER_OTLP_ENDPOINT: ({ tracing }) => tracing?.endpoint,
  OTEL_SERVICE_NAME: ({ tracing }) => tracing?.serviceName,
  OTEL_TRACES_SAMPLER_ARG: ({ tracing }) => tracing?.ratio,
  LOG_LEVEL: ({ logLevel }) => logLevel,
  SHED_LOAD_AFTER: ({ shedLoadAfter }) => shedLoadAfter,
}

/** The names of all variables that the service reads. */
export const variableNames: readonly string[] = Object.keys(variables)

/** The configuration as an administrator may see it: it never contains a secret. */
export function listSettings(config: Config): readonly Setting[] {
  return Object.entries(variables).map(([name, read]) => ({
    name,
    value: read === null ? null : formatValue(read(config)),
    secret: read === null,
    isDefault: !config.isSet(name),
  }))
}

function formatValue(value: SettingValue): string | null {
  const text = Array.isArray(value) ? value.join(', ') : String(value ?? '')
  return text === '' ? null : text
}
