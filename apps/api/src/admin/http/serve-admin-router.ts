import type { AdminRouter } from '@mianmi/contracts/admin'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { refuse } from '../../http/error-replies.ts'
import { requireLiteralPath } from '../../http/literal-path.ts'
import { serveTrpc } from '../../http/serve-trpc.ts'
import { type AdminContextSources, createAdminContext } from './context.ts'

const prefix = '/admin/trpc'

/** Serves the admin router at `/admin/trpc`. Register it in a scope of its own: it adds hooks. */
export function serveAdminRouter(app: FastifyInstance, sources: AdminContextSources): void {
  app.addHook('onRequest', requireLiteralPath(prefix))
  const warnOfOrigin = createOriginWarning(sources.issuer)
  serveTrpc<AdminRouter>(app, prefix, {
    // Creating its schemas takes as long as those of all other routes.
    router: async () => (await import('@mianmi/contracts/admin')).adminRouter,
    createContext: ({ req, res }) => {
      const context = createAdminContext(sources, req, res)
      if (context.crossOrigin) warnOfOrigin(req)
      return context
    },
  })
  // Without these routes the console's catch-all below `/admin/` would answer unknown paths here with its page.
  for (const url of [prefix, `${prefix}/*`])
    app.all(url, (request, reply) => refuse(request, reply, 'not_found'))
}

/**
 * Warns once of a page of another origin. It is an attack, or the console behind a proxy that hides its address, which
 * the page cannot tell apart.
 */
function createOriginWarning(issuer: string): (request: FastifyRequest) => void {
  let isWarned = false
  return ({ headers: { origin, host }, log }) => {
    if (isWarned || origin === undefined) return
    isWarned = true
    log.warn(
      `a page of ${origin.slice(0, 200)} called the console and was refused, because neither ISSUER (${issuer}) nor the Host of the request (${host}) is its address; if it is your console, set ISSUER, or let the proxy forward Host`,
    )
  }
}
