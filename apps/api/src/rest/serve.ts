import type { UserService } from '@mianmi/core'
import type { FastifyInstance } from 'fastify'
import { originOf } from '../http/origin.ts'
import { accept, answerError, refuseInEnvelope } from './envelope.ts'
import type { RestRoute } from './route.ts'
import { restRoutes } from './routes.ts'
import { clearSid, presentedToken, refuseForgery, setSid } from './sid.ts'

export interface RestOptions {
  readonly users: UserService
  /** The configured appids. */
  readonly appIds: readonly string[]
  readonly exposeOpenid: boolean
  readonly allowedOrigins: readonly string[]
  /** Milliseconds that an access token, and so the cookie, lives. */
  readonly accessTokenTtl: number
}

/** The plain-HTTP routes, to be registered below `/auth`. Everything there, refusals too, is answered in the envelope. */
export function serveRest(app: FastifyInstance, options: RestOptions): void {
  acceptJsonAlone(app)
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((request, reply) =>
    refuseInEnvelope(request, reply, { reason: 'not_found' }),
  )
  // RFC 6749 §5.1: what carries a token is kept by no cache.
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  for (const route of restRoutes) open(app, route, options)
}

function open(app: FastifyInstance, route: RestRoute, options: RestOptions): void {
  const { users, appIds, exposeOpenid, allowedOrigins, accessTokenTtl: ttl } = options
  app.route({
    method: route.method,
    url: route.path,
    async handler(request, reply) {
      const presented = presentedToken(request)
      // Also where the token is not asked for: a reply may put another into the cookie.
      if (presented?.byCookie && route.method !== 'GET') refuseForgery(request, allowedOrigins)
      const accessToken = route.signedIn ? (presented?.token ?? null) : null
      const call = { users, appIds, exposeOpenid, accessToken, origin: originOf(request) }
      const { data, sid } = await route.answer(call, request.body)
      if (sid === null) clearSid(reply)
      else if (sid !== undefined) setSid(reply, { token: sid, ttl })
      return accept(request, data)
    },
  })
}

/** wx.request names JSON as its type also where it sends nothing, so an empty body counts as none. */
function acceptJsonAlone(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined)
    else parse(request, body.toString(), done)
  })
}
