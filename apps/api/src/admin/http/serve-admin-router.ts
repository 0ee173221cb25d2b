import type { AdminRouter } from '@mianmi/contracts/admin'
import type { FastifyInstance } from 'fastify'
import { refuse } from '../../http/error-replies.ts'
import { requireLiteralPath } from '../../http/literal-path.ts'
import { serveTrpc } from '../../http/serve-trpc.ts'
import { type AdminContextSources, createAdminContext } from './context.ts'

const prefix = '/admin/trpc'

/** Serves the admin router at `/admin/trpc`. Register it in a scope of its own: it adds hooks. */
export function serveAdminRouter(app: FastifyInstance, sources: AdminContextSources): void {
  app.addHook('onRequest', requireLiteralPath(prefix))
  serveTrpc<AdminRouter>(app, prefix, {
    // Creating its schemas takes as long as those of all other routes.
    router: async () => (await import('@mianmi/contracts/admin')).adminRouter,
    createContext: ({ req, res }) => createAdminContext(sources, req, res),
  })
  // Without these routes the console's catch-all below `/admin/` would answer unknown paths here with its page.
  for (const url of [prefix, `${prefix}/*`])
    app.all(url, (request, reply) => refuse(request, reply, 'not_found'))
}
