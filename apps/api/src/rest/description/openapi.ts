import { shapeOf } from '@mianmi/contracts'
import * as schemas from '@mianmi/contracts/rest-schemas'
import type { Reason } from '@mianmi/core'
import { z } from 'zod'
import type { Door } from '../door.ts'
import { doors } from '../doors.ts'
import { operatorDoors } from './operators.ts'
import type { Content, Description, Operation, PathItem, Reply, Schema } from './shape.ts'

export const schemaPlace = '#/components/schemas/'

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The `sid`.' },
  sidHeader: { type: 'apiKey', in: 'header', name: 'sid' },
  sidCookie: { type: 'apiKey', in: 'cookie', name: 'sid', description: 'Set by signing in.' },
}
const anyOfThem = Object.keys(securitySchemes).map((name) => ({ [name]: [] }))

/** The plain-HTTP doors in OpenAPI 3.1, made of the list and the schemas that serve them. */
export function describeDoors(): Description {
  const paths: Record<string, PathItem> = {}
  for (const door of doors)
    paths[`/auth${door.path}`] = {
      [door.method === 'GET' ? 'get' : 'post']: operationOf(door),
    }
  for (const door of operatorDoors) paths[door.path] = { get: operatorOperation(door) }
  return {
    openapi: '3.1.0',
    info: {
      title: 'mianmi over plain HTTP',
      version: '1',
      description:
        'Sign-in for WeChat mini programs, for clients that speak no tRPC. Every reply below `/auth` ' +
        'has one envelope: `success`, `code` (the HTTP status), `message`, `datetime`, `traceId`, `data`. ' +
        'Whoever is signed in shows the `sid` as `Authorization: Bearer`, as the header `sid` or as the ' +
        'cookie `sid`; the first of them that is there counts.',
    },
    tags: [
      { name: 'auth', description: 'For clients.' },
      { name: 'operators', description: 'For operators and other services; without envelope.' },
    ],
    paths,
    components: { schemas: componentSchemas(), securitySchemes },
  }
}

const capital = ({ path }: Door): string => path.charAt(1).toUpperCase() + path.slice(2)
const bodyName = (door: Door): string => `${capital(door)}Body`
const replyName = (door: Door): string => `${capital(door)}Reply`
const takesBody = (door: Door): boolean => door.body !== null && door.body !== schemas.noBody

const json = (name: string): Content => ({
  'application/json': { schema: { $ref: `${schemaPlace}${name}` } },
})

const setsCookie = {
  'Set-Cookie': { description: 'The new `sid`, where there is one.', schema: { type: 'string' } },
}

function operationOf(door: Door): Operation {
  const givesSid = door.data === schemas.signInData || door.data === schemas.renewedData
  const headers = givesSid ? { headers: setsCookie } : {}
  return {
    operationId: door.path.slice(1),
    tags: ['auth'],
    summary: door.summary,
    ...(door.signedIn ? { security: anyOfThem } : {}),
    ...(takesBody(door) ? { requestBody: { required: true, content: json(bodyName(door)) } } : {}),
    responses: {
      200: { description: 'Accepted.', ...headers, content: json(replyName(door)) },
      ...refusals(door),
    },
  }
}

/** One response for each status; its description lists the reasons behind it. */
function refusals(door: Door): Record<string, Reply> {
  const reasons: Reason[] = [
    ...(door.method === 'POST' ? (['invalid_input'] as const) : []),
    ...(door.signedIn ? (['unauthenticated'] as const) : []),
    ...door.reasons,
    'internal',
  ]
  const told: Record<string, string[]> = {}
  for (const reason of reasons) {
    const { message, data } = shapeOf(reason, { path: undefined, traceId: '' })
    told[data.httpStatus] = [...(told[data.httpStatus] ?? []), `\`${reason}\`: ${message}`]
  }
  const replies = Object.entries(told).map(([status, texts]) => {
    const reply: Reply = { description: texts.join('\n\n'), content: json('Refused') }
    return [status, reply] as const
  })
  return Object.fromEntries(replies)
}

function operatorOperation(door: (typeof operatorDoors)[number]): Operation {
  const { operationId, summary, reply, refusals: refused = {} } = door
  const text: Content = { 'text/plain': { schema: { type: 'string' } } }
  const responses: Record<string, Reply> = {
    200: { description: 'OK.', content: reply === null ? text : json(reply.name) },
  }
  for (const [status, description] of Object.entries(refused)) responses[status] = { description }
  return { operationId, tags: ['operators'], summary, responses }
}

type Names = ReturnType<typeof z.registry<{ id: string }>>

function componentSchemas(): Record<string, Schema> {
  const bodies: Names = z.registry()
  const replies: Names = z.registry()
  replies.add(schemas.signInData, { id: 'SignIn' })
  replies.add(schemas.userData, { id: 'User' })
  replies.add(schemas.renewedData, { id: 'Renewed' })
  replies.add(schemas.refused, { id: 'Refused' })
  for (const door of doors) {
    if (door.body !== null && takesBody(door)) bodies.add(door.body, { id: bodyName(door) })
    replies.add(schemas.accepted(door.data), { id: replyName(door) })
  }
  for (const { reply } of operatorDoors)
    if (reply !== null) replies.add(reply.schema, { id: reply.name })
  return { ...inJsonSchema(bodies, 'input'), ...inJsonSchema(replies, 'output') }
}

/** JSON Schema 2020-12 is the dialect of OpenAPI 3.1, and the place of a schema says its name. */
function inJsonSchema(names: Names, io: 'input' | 'output'): Record<string, Schema> {
  const { schemas: made } = z.toJSONSchema(names, { io, uri: (name) => `${schemaPlace}${name}` })
  return Object.fromEntries(
    Object.entries(made).map(([name, { $schema: _dialect, $id: _place, ...schema }]) => [
      name,
      schema,
    ]),
  )
}
