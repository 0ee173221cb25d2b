import type { FastifyServerOptions } from 'fastify'

/**
 * JSON lines on standard output. Nothing of a body or a header is ever logged, and an address only
 * up to its query: tRPC puts the input of a query there.
 */
export function logOptions(level: string): NonNullable<FastifyServerOptions['logger']> {
  return {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: {
      req: ({ method, url, ip }) => ({ method, path: url?.split('?', 1)[0], ip }),
      res: ({ statusCode }) => ({ statusCode }),
    },
  }
}
