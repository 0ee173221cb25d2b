import { shapeOf } from '@mianmi/contracts'
import { emptyBody } from '@mianmi/contracts/rest-schemas'
import { problem } from '@mianmi/contracts/service-schemas'
import type { Reason } from '@mianmi/core'
import { z } from 'zod'
import { bodyTypesOf, isForm, type V1Route } from '../../v1/v1-route.ts'
import { v1Routes } from '../../v1/v1-routes.ts'
import type { Content, Operation, Parameter, PathItem, Reply, Schema } from './openapi-types.ts'
import { schemaPrefix } from './schema-prefix.ts'

interface NamedSchema {
  readonly name: string
  readonly schema: z.ZodType
  readonly io: 'input' | 'output'
}

/** The paths below `/v1`, by the list that also serves them. */
export function describeV1(): Record<string, PathItem> {
  const paths: Record<string, PathItem> = {}
  for (const route of v1Routes) {
    const path = `/v1${route.path.replace(/:(\w+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) }
  }
  return paths
}

/** What the operations refer to. A schema that two routes have is listed once. */
export function v1Schemas(): NamedSchema[] {
  const bodies = v1Routes.filter(({ body }) => body !== emptyBody)
  const replies = new Map(v1Routes.map((route) => [route.described, replyName(route)]))
  return [
    ...bodies.map((route) => ({ name: bodyName(route), schema: route.body, io: 'input' as const })),
    ...[...replies].map(([schema, name]) => ({ name, schema, io: 'output' as const })),
    { name: 'Problem', schema: problem, io: 'output' },
  ]
}

const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)
const bodyName = ({ operationId }: V1Route): string => `${capitalized(operationId)}Body`

/** By the last route with this reply, which is also what `v1Schemas` takes. */
function replyName({ described }: V1Route): string {
  const { operationId = '' } = v1Routes.findLast((route) => route.described === described) ?? {}
  return `${capitalized(operationId)}Reply`
}

const content = (types: readonly string[], name: string): Content =>
  Object.fromEntries(types.map((type) => [type, { schema: { $ref: `${schemaPrefix}${name}` } }]))

function operationOf(route: V1Route): Operation {
  const parameters = [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')]
  return {
    operationId: route.operationId,
    tags: ['services'],
    summary: `${route.summary} Scope \`${route.scope}\`.`,
    ...(parameters.length > 0 ? { parameters } : {}),
    // OpenAPI has no scheme for a secret in a form (client_secret_post): there no header is needed.
    security: [{ serviceKey: [] }, ...(isForm(route) ? [{ serviceKeyAsPassword: [] }, {}] : [])],
    ...(route.body === emptyBody
      ? {}
      : { requestBody: { required: true, content: content(bodyTypesOf(route), bodyName(route)) } }),
    responses: {
      200: { description: 'OK.', content: content(['application/json'], replyName(route)) },
      ...problemResponses(route),
    },
  }
}

/** One response for each status; its description lists the reasons with this status. */
function problemResponses({ method, reasons: ownReasons }: V1Route): Record<string, Reply> {
  const common: Reason[] = ['invalid_input', 'unauthenticated', 'forbidden', 'rate_limited']
  // Every other method may have a body, and so a type that is not read.
  const unread: Reason[] = method === 'GET' ? [] : ['unsupported_media_type']
  const reasons = [...common, ...ownReasons, ...unread, 'overloaded', 'internal'] as const
  const statuses: Record<string, Reason[]> = {}
  for (const reason of reasons) {
    const { httpStatus } = shapeOf(reason, { path: undefined, traceId: '' }).data
    statuses[httpStatus] = [...(statuses[httpStatus] ?? []), reason]
  }
  return Object.fromEntries(
    Object.entries(statuses).map(([status, found]) => [
      status,
      {
        description: found.map((reason) => `\`${reason}\``).join(', '),
        content: content(['application/problem+json'], 'Problem'),
      },
    ]),
  )
}

/** The keys of an object, or of each member of a union, which is required where it is the only one. */
function parametersOf(schema: z.ZodType, place: Parameter['in']): Parameter[] {
  const { properties, anyOf } = z.toJSONSchema(schema, { io: 'input' })
  const members = (anyOf ?? [{ properties }]) as Schema[]
  return members.flatMap((member) =>
    Object.entries(member.properties ?? {}).map(([name, value]) => ({
      name,
      in: place,
      required: members.length === 1,
      schema: value as Schema,
    })),
  )
}
