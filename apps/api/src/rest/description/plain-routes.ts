import { z } from 'zod'

interface PlainRoute {
  readonly path: string
  readonly operationId: string
  readonly summary: string
  /** What a 200 carries; null where it is no JSON. */
  readonly reply: { readonly name: string; readonly schema: z.ZodType } | null
  readonly refusals?: Readonly<Record<string, string>>
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

/** The routes for monitoring and for other services, served by app.ts without an envelope. */
export const plainRoutes: readonly PlainRoute[] = [
  {
    path: '/healthz',
    operationId: 'healthz',
    summary: 'Whether the process lives.',
    reply: { name: 'Alive', schema: z.object({ status: z.literal('ok') }) },
  },
  {
    path: '/readyz',
    operationId: 'readyz',
    summary: 'Whether the service can do its work: the database is open, its migrations are done.',
    reply: { name: 'Ready', schema: z.object({ status: z.literal('ready') }) },
    refusals: { 503: 'Not ready.' },
  },
  {
    path: '/metrics',
    operationId: 'metrics',
    summary: 'Counters and durations, as Prometheus reads them.',
    reply: null,
  },
  {
    path: '/.well-known/jwks.json',
    operationId: 'jwks',
    summary:
      'The keys that verify a sid (RFC 7517), so that other services can do it by themselves.',
    reply: { name: 'KeySet', schema: keySet },
  },
]
