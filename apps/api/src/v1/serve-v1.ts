import { Failure, type ServiceApi } from '@mianmi/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { reasonOfNoRoute } from '../http/allowed-methods.ts'
import { requireLiteralPath } from '../http/literal-path.ts'
import { originOf } from '../http/origin.ts'
import { acceptOnlyJson, utf8Text } from '../http/text-body.ts'
import { handleV1Error, refuseWithProblem } from './problem.ts'
import { serviceKeyOf } from './service-key.ts'
import { bodyTypesOf, formType, isForm, type V1Route } from './v1-route.ts'
import { v1Routes } from './v1-routes.ts'

export const v1Prefix = '/v1'

interface V1Options {
  readonly services: ServiceApi
  /** The public address of the service. */
  readonly issuer: string
}

/**
 * Serves the routes for other services. Register it below `/v1`: everything there, refusals included, is JSON, and every
 * refusal is a problem (RFC 9457).
 */
export function serveV1(app: FastifyInstance, options: V1Options): void {
  app.setErrorHandler(handleV1Error)
  app.setNotFoundHandler((request, reply) =>
    refuseWithProblem(request, reply, { reason: reasonOfNoRoute(request, reply) }),
  )
  app.addHook('onSend', dropCorsHeaders)
  app.addHook(
    'onRequest',
    requireLiteralPath(v1Prefix, (request, reply) =>
      refuseWithProblem(request, reply, { reason: 'not_found' }),
    ),
  )
  for (const route of v1Routes) app.register(async (scope) => serveRoute(scope, route, options))
}

function serveRoute(app: FastifyInstance, route: V1Route, { services, issuer }: V1Options): void {
  const isIntrospection = isForm(route)
  if (isIntrospection) acceptOnlyForm(app)
  else acceptOnlyJson(app, bodyTypesOf(route))
  app.route({
    method: route.method,
    url: route.path,
    config: { serviceScope: route.scope },
    async handler(request, reply) {
      const key = serviceKeyOf(request, { asClient: isIntrospection })
      const actor = await services.authenticate(key, originOf(request))
      const data = await route.handle({ services, actor, issuer }, request)
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(data))
    },
  })
}

/** RFC 7662 §2.1. A parameter must not be sent twice, and one without a value counts as left out (RFC 6749 §3.2). */
function acceptOnlyForm(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(formType, { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    const pairs = [...new URLSearchParams(utf8Text(body))]
    const isTwice = new Set(pairs.map(([name]) => name)).size < pairs.length
    if (isTwice) done(new Failure('invalid_input', { detail: 'a parameter is sent twice' }))
    else done(null, Object.fromEntries(pairs.filter(([, value]) => value !== '')))
  })
}

/** Service keys are not for browsers: a page that has one has published it. */
function dropCorsHeaders(
  _request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  for (const name of ['origin', 'credentials', 'methods', 'headers'])
    reply.removeHeader(`access-control-allow-${name}`)
  done(null, payload)
}
