import { shapeOf } from '@mianmi/contracts'
import * as schemas from '@mianmi/contracts/rest-schemas'
import type { Reason } from '@mianmi/core'
import { z } from 'zod'
import type { RestRoute } from '../route.ts'
import { restRoutes } from '../routes.ts'
import type { Content, Description, Operation, PathItem, Reply, Schema } from './openapi-types.ts'
import { plainRoutes } from './plain-routes.ts'
import { schemaPrefix } from './schema-prefix.ts'
import { describeV1, v1Schemas } from './v1-operations.ts'

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The `sid`.' },
  sidHeader: { type: 'apiKey', in: 'header', name: 'sid' },
  sidCookie: { type: 'apiKey', in: 'cookie', name: 'sid', description: 'Set by signing in.' },
}
const anySecurityScheme = Object.keys(securitySchemes).map((name) => ({ [name]: [] }))
const serviceSecuritySchemes = {
  serviceKey: { type: 'http', scheme: 'bearer', description: 'A service key, `mk_…`.' },
  serviceKeyAsPassword: {
    type: 'http',
    scheme: 'basic',
    description: '`client_secret_basic`: any user name, and a service key as the password.',
  },
}

/**
 * Describes the plain-HTTP routes in OpenAPI 3.1, from the list and the schemas that also serve them.
 *
 * @param issuer the public address of the service
 */
export function describeRoutes(issuer: string): Description {
  const paths: Record<string, PathItem> = {}
  for (const route of restRoutes)
    paths[`/auth${route.path}`] = {
      [route.method === 'GET' ? 'get' : 'post']: operationOf(route),
    }
  Object.assign(paths, describeV1())
  for (const route of plainRoutes) paths[route.path] = { get: plainOperation(route) }
  return {
    openapi: '3.1.0',
    info: {
      title: 'mianmi over plain HTTP',
      version: '1',
      description:
        'Sign-in for WeChat mini programs, for clients without tRPC. Every reply below `/auth` ' +
        'has one envelope: `success`, `code` (the HTTP status), `message`, `datetime`, `traceId`, `data`. ' +
        'Signed-in clients send the `sid` as `Authorization: Bearer`, as the header `sid` or as the ' +
        'cookie `sid`, in this order of precedence. Below `/v1` other services call with a service key, and a refusal ' +
        'is a problem (RFC 9457). A method that a path does not have is answered with 405 ' +
        '(`method_not_allowed`) and `Allow`, in the same form as other refusals there.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: issuer.replace(/\/+$/, '') }],
    tags: [
      { name: 'auth', description: 'For clients.' },
      {
        name: 'services',
        description: 'For other services, with a service key; without envelope.',
      },
      {
        name: 'operators',
        description: 'For operators and other services; without envelope.',
      },
    ],
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: { ...securitySchemes, ...serviceSecuritySchemes },
    },
  }
}

const capitalized = ({ path }: RestRoute): string => path.charAt(1).toUpperCase() + path.slice(2)
const bodyName = (route: RestRoute): string => `${capitalized(route)}Body`
const replyName = (route: RestRoute): string => `${capitalized(route)}Reply`
const takesBody = (route: RestRoute): boolean =>
  route.body !== null && route.body !== schemas.emptyBody

const json = (name: string): Content => ({
  'application/json': { schema: { $ref: `${schemaPrefix}${name}` } },
})

const setsCookie = {
  'Set-Cookie': { description: 'The new `sid`, if there is one.', schema: { type: 'string' } },
}

function operationOf(route: RestRoute): Operation {
  const setsSid = route.data === schemas.signInData || route.data === schemas.renewedData
  const headers = setsSid ? { headers: setsCookie } : {}
  return {
    operationId: route.path.slice(1),
    tags: ['auth'],
    summary: route.summary,
    security: route.signedIn ? anySecurityScheme : [],
    ...(takesBody(route)
      ? { requestBody: { required: true, content: json(bodyName(route)) } }
      : {}),
    responses: {
      200: { description: 'Accepted.', ...headers, content: json(replyName(route)) },
      ...errorResponses(route),
    },
  }
}

/** One response for each status; its description lists the reasons with this status. */
function errorResponses(route: RestRoute): Record<string, Reply> {
  const reasons: Reason[] = [
    ...(route.method === 'POST' ? (['invalid_input', 'unsupported_media_type'] as const) : []),
    ...(route.signedIn ? (['unauthenticated'] as const) : []),
    ...route.reasons,
    'internal',
  ]
  const messages: Record<string, string[]> = {}
  for (const reason of reasons) {
    const { message, data } = shapeOf(reason, { path: undefined, traceId: '' })
    messages[data.httpStatus] = [...(messages[data.httpStatus] ?? []), `\`${reason}\`: ${message}`]
  }
  const replies = Object.entries(messages).map(([status, texts]) => {
    const reply: Reply = { description: texts.join('\n\n'), content: json('Refused') }
    return [status, reply] as const
  })
  return Object.fromEntries(replies)
}

function plainOperation(route: (typeof plainRoutes)[number]): Operation {
  const { operationId, summary, reply, errors = {} } = route
  const text: Content = { 'text/plain': { schema: { type: 'string' } } }
  const responses: Record<string, Reply> = {
    200: { description: 'OK.', content: reply === null ? text : json(reply.name) },
  }
  for (const [status, description] of Object.entries(errors)) responses[status] = { description }
  return { operationId, tags: ['operators'], summary, security: [], responses }
}

type SchemaRegistry = ReturnType<typeof z.registry<{ id: string }>>

function componentSchemas(): Record<string, Schema> {
  const bodies: SchemaRegistry = z.registry()
  const replies: SchemaRegistry = z.registry()
  replies.add(schemas.signInData, { id: 'SignIn' })
  replies.add(schemas.userData, { id: 'User' })
  replies.add(schemas.renewedData, { id: 'Renewed' })
  replies.add(schemas.refused, { id: 'Refused' })
  for (const route of restRoutes) {
    if (route.body !== null && takesBody(route)) bodies.add(route.body, { id: bodyName(route) })
    replies.add(schemas.accepted(route.data), { id: replyName(route) })
  }
  for (const { name, schema, io } of v1Schemas())
    (io === 'input' ? bodies : replies).add(schema, { id: name })
  for (const { reply } of plainRoutes)
    if (reply !== null) replies.add(reply.schema, { id: reply.name })
  return { ...toJsonSchemas(bodies, 'input'), ...toJsonSchemas(replies, 'output') }
}

/** JSON Schema 2020-12, the dialect of OpenAPI 3.1. The key of a component is its name, so `$id` is removed. */
function toJsonSchemas(names: SchemaRegistry, io: 'input' | 'output'): Record<string, Schema> {
  const { schemas: jsonSchemas } = z.toJSONSchema(names, {
    io,
    uri: (name) => `${schemaPrefix}${name}`,
  })
  return Object.fromEntries(
    Object.entries(jsonSchemas).map(([name, { $schema: _dialect, $id: _id, ...schema }]) => [
      name,
      schema,
    ]),
  )
}
