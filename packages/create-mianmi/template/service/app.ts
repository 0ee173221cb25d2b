import { trpcFastify } from '@mianmi/trpc-fastify'
import fastify from 'fastify'
import { type AppRouter, appRouter } from '../contract/router.ts'
import { createTokenReader, type TrustedIssuer } from './access-tokens.ts'
import { openNotes } from './notes.ts'

/** Your service. It does not listen yet. */
export function createApp(options: TrustedIssuer & { database: string }) {
  const readUserId = createTokenReader(options)
  const notes = openNotes(options.database)
  const app = fastify({ routerOptions: { maxParamLength: 5_000 } })
  app.addHook('onClose', async () => notes.close())
  app.register(trpcFastify<AppRouter>, {
    prefix: '/api',
    trpcOptions: {
      router: appRouter,
      createContext: async ({ req }) => ({
        userId: await readUserId(req.headers.authorization),
        notes,
      }),
      maxBatchSize: 10,
    },
  })
  return app
}
