import type { UserService } from '@mianmi/core'
import type { FastifyInstance } from 'fastify'
import { reasonOfNoRoute } from '../http/allowed-methods.ts'
import { originOf } from '../http/origin.ts'
import { acceptOnlyJson } from '../http/text-body.ts'
import { acceptedEnvelope, handleRestError, refuseInEnvelope } from './envelope.ts'
import type { RestRoute } from './route.ts'
import { restRoutes } from './routes.ts'
import { clearSid, refuseCrossSite, requestToken, setSid } from './sid.ts'

export interface RestOptions {
  readonly users: UserService
  /** The configured appids. */
  readonly appIds: readonly string[]
  readonly exposeOpenid: boolean
  readonly allowedOrigins: readonly string[]
  /** Lifetime of an access token, and so of the cookie, in ms. */
  readonly accessTokenTtl: number
}

/**
 * Serves the plain-HTTP routes. Register it below `/auth`: everything there, refusals included, is answered in the
 * envelope.
 */
export function serveRest(app: FastifyInstance, options: RestOptions): void {
  acceptOnlyJson(app, ['application/json'])
  app.setErrorHandler(handleRestError)
  app.setNotFoundHandler((request, reply) =>
    refuseInEnvelope(request, reply, { reason: reasonOfNoRoute(request, reply) }),
  )
  for (const route of restRoutes) serveRoute(app, route, options)
}

function serveRoute(app: FastifyInstance, route: RestRoute, options: RestOptions): void {
  const { users, appIds, exposeOpenid, allowedOrigins, accessTokenTtl: ttl } = options
  app.route({
    method: route.method,
    url: route.path,
    async handler(request, reply) {
      const sentToken = requestToken(request)
      // Also for routes that ignore the token, because their reply may set the cookie.
      if (sentToken?.fromCookie && route.method !== 'GET') refuseCrossSite(request, allowedOrigins)
      const accessToken = route.signedIn ? (sentToken?.token ?? null) : null
      const call = { users, appIds, exposeOpenid, accessToken, origin: originOf(request) }
      const { data, sid } = await route.handle(call, request.body)
      if (sid === null) clearSid(reply)
      else if (sid !== undefined) setSid(reply, { token: sid, ttl })
      return acceptedEnvelope(request, data)
    },
  })
}
