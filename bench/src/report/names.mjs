/** What a server is called in tables and in the chart. */
export const names = {
  mianmi: 'mianmi',
  mianmiLogging: 'mianmi, one log line a request and reply (`LOG_LEVEL=info`)',
  oneCommitEach: 'mianmi, one commit for each write',
  fastify: 'Fastify, a bare route',
  fastifyAlone: 'Fastify alone, without a database',
  trpcOfficial: "tRPC's own Fastify adapter",
  hono: 'Hono',
  express: 'Express',
  betterAuth: 'Better Auth',
  betterAuthFreePassword: 'Better Auth, with a password check that costs nothing',
}
