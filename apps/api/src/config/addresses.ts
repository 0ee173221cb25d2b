import type { TracingConfig } from '../tracing/tracing.ts'
import { haveEveryAddress, isRange } from '../webhooks/address-guard.ts'
import { ConfigError, type Env, readList, readText } from './env.ts'

/** An address without user, query and fragment: what is asked is written behind it, and it is shown to administrators. */
function parseAddress(value: string): URL | null {
  const url = /^https?:\/\/[^\s\\?#]+$/i.test(value) && URL.canParse(value) ? new URL(value) : null
  return url?.username === '' && url.password === '' ? url : null
}

export function readWechatApiUrl(env: Env): string | undefined {
  const value = readText(env, 'WECHAT_API_URL')
  if (value === undefined) return undefined
  const url = parseAddress(value)
  const loopback = url !== null && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)
  if (url === null || !(url.protocol === 'https:' || loopback))
    throw new ConfigError(
      'WECHAT_API_URL must be an https address, or plain http on a loopback address, without user, query and fragment',
    )
  return value
}

/** It is kept as it was written, because verifiers compare `iss` as text; avatar addresses continue it. */
export function readIssuer(env: Env): string | undefined {
  const value = readText(env, 'ISSUER')
  if (value === undefined) return undefined
  if (parseAddress(value) === null)
    throw new ConfigError(
      'ISSUER must be an http or https address without user, query and fragment, like https://example.com',
    )
  return value
}

/** The ranges of the proxies whose forwarded headers count. @throws ConfigError */
export function readTrustProxy(env: Env): string[] {
  const ranges = readList(env, 'TRUST_PROXY')
  if (!ranges.every(isRange))
    throw new ConfigError('TRUST_PROXY must be addresses or CIDR ranges, separated by commas')
  // From there each caller could claim any address, and Fastify refuses such a range with an exception.
  if (haveEveryAddress(ranges))
    throw new ConfigError(
      'TRUST_PROXY must not contain every address, as a range that ends with /0 does; list the addresses of your proxy',
    )
  return ranges
}

/** The ranges of addresses that are not public and that webhooks may call. @throws ConfigError */
export function readWebhookAllow(env: Env): string[] {
  const ranges = readList(env, 'WEBHOOK_ALLOW')
  if (!ranges.every(isRange))
    throw new ConfigError('WEBHOOK_ALLOW must be addresses or CIDR ranges, separated by commas')
  return ranges
}

export function readOrigins(env: Env): string[] {
  const origins = readList(env, 'ALLOWED_ORIGINS')
  for (const origin of origins)
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw new ConfigError(
        'ALLOWED_ORIGINS must be origins like https://example.com, separated by commas',
      )
  return origins
}

/** Named as by OpenTelemetry; its libraries read the other variables of the specification themselves. */
export function readTracing(env: Env): TracingConfig | null {
  const ratio = Number(readText(env, 'OTEL_TRACES_SAMPLER_ARG') ?? '1')
  if (!(ratio > 0 && ratio <= 1))
    throw new ConfigError('OTEL_TRACES_SAMPLER_ARG must be a number above 0, up to 1')
  const endpoint = readText(env, 'OTEL_EXPORTER_OTLP_ENDPOINT')
  if (endpoint === undefined) return null
  if (parseAddress(endpoint) === null)
    throw new ConfigError(
      'OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https address without user, query and fragment, like http://127.0.0.1:4318',
    )
  return { endpoint, serviceName: readText(env, 'OTEL_SERVICE_NAME') ?? 'mianmi', ratio }
}
