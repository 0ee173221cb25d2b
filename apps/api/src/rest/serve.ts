import type { Login } from '@mianmi/core'
import type { FastifyInstance } from 'fastify'
import { originOf } from '../http/origin.ts'
import type { Door } from './door.ts'
import { doors } from './doors.ts'
import { accept, answerError, refuseInEnvelope } from './envelope.ts'
import { clearSid, presentedToken, refuseForgery, setSid } from './sid.ts'

export interface RestParts {
  readonly login: Login
  /** The configured appids. */
  readonly appIds: readonly string[]
  readonly exposeOpenid: boolean
  readonly allowedOrigins: readonly string[]
  /** Milliseconds that an access token, and so the cookie, lives. */
  readonly accessTokenTtl: number
}

/** The plain-HTTP doors, to be registered below `/auth`. Everything there, refusals too, is answered in the envelope. */
export function serveRest(app: FastifyInstance, parts: RestParts): void {
  acceptJsonAlone(app)
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((request, reply) =>
    refuseInEnvelope(request, reply, { reason: 'not_found' }),
  )
  // RFC 6749 §5.1: what carries a token is kept by no cache.
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  for (const door of doors) open(app, door, parts)
}

function open(app: FastifyInstance, door: Door, parts: RestParts): void {
  const { login, appIds, exposeOpenid, allowedOrigins, accessTokenTtl: ttl } = parts
  app.route({
    method: door.method,
    url: door.path,
    async handler(request, reply) {
      const presented = presentedToken(request)
      // Also where the token is not asked for: a reply may put another into the cookie.
      if (presented?.byCookie && door.method !== 'GET') refuseForgery(request, allowedOrigins)
      const accessToken = door.signedIn ? (presented?.token ?? null) : null
      const call = { login, appIds, exposeOpenid, accessToken, origin: originOf(request) }
      const { data, sid } = await door.answer(call, request.body)
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
