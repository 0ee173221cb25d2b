/** The name of each server in tables and in the chart. */
export const names = {
  mianmi: 'mianmi',
  mianmiLogging: 'mianmi, with one log line per request (`LOG_LEVEL=info`)',
  oneCommitEach: 'mianmi, one commit per write',
  mianmiFirstStart: 'mianmi, first start',
  fastify: 'Fastify, bare route',
  fastifyAlone: 'Fastify alone, without a database',
  trpcOfficial: "tRPC's own Fastify adapter",
  hono: 'Hono',
  express: 'Express',
  betterAuth: 'Better Auth',
  betterAuthFreePassword: 'Better Auth, with a free password check',
}
