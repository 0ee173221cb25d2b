import { z } from 'zod'

interface PlainRoute {
  readonly path: string
  readonly operationId: string
  readonly summary: string
  /** The body of a 200; null when it is not JSON. */
  readonly reply: { readonly name: string; readonly schema: z.ZodType } | null
  readonly errors?: Readonly<Record<string, string>>
}

const keySet = z.object({
  keys: z.array(
    z.object({
      kty: z.literal('EC'),
      crv: z.literal('P-256'),
      x: z.string(),
      y: z.string(),
      kid: z.string(),
      alg: z.literal('ES256'),
      use: z.literal('sig'),
    }),
  ),
})

const metadata = z.object({
  issuer: z.string(),
  jwks_uri: z.string(),
  introspection_endpoint: z.string(),
  introspection_endpoint_auth_methods_supported: z.array(z.string()),
  response_types_supported: z.array(z.string()).describe('Empty: mianmi has no OAuth flow.'),
  grant_types_supported: z.array(z.string()),
  token_endpoint_auth_methods_supported: z.array(z.string()),
  service_documentation: z.string(),
})

/** The routes for monitoring and for other services, served by app.ts without an envelope. */
export const plainRoutes: readonly PlainRoute[] = [
  {
    path: '/healthz',
    operationId: 'healthz',
    summary: 'Whether the process is running.',
    reply: { name: 'Alive', schema: z.object({ status: z.literal('ok') }) },
  },
  {
    path: '/readyz',
    operationId: 'readyz',
    summary: 'Whether the service can work: the database is open and migrated.',
    reply: { name: 'Ready', schema: z.object({ status: z.literal('ready') }) },
    errors: { 503: 'Not ready.' },
  },
  {
    path: '/metrics',
    operationId: 'metrics',
    summary: 'Counters and durations in Prometheus format.',
    reply: null,
  },
  {
    path: '/.well-known/oauth-authorization-server',
    operationId: 'metadata',
    summary:
      'Where other services find the keys and the introspection (RFC 8414); the same document as `/.well-known/openid-configuration`.',
    reply: { name: 'Metadata', schema: metadata },
  },
  {
    path: '/.well-known/jwks.json',
    operationId: 'jwks',
    summary: 'The keys that verify a sid (RFC 7517), for other services that verify it.',
    reply: { name: 'KeySet', schema: keySet },
  },
]
