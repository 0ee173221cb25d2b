import { introspectionForm } from '@mianmi/contracts/service-schemas'
import {
  Failure,
  type Reason,
  type ServiceActor,
  type ServiceApi,
  type ServiceScope,
} from '@mianmi/core'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { detailOf } from '../http/error-replies.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that a route of `/v1` needs. */
    readonly serviceScope?: ServiceScope
  }
}

/** What a handler receives of a request, beside its input. */
export interface V1Call {
  readonly services: ServiceApi
  readonly actor: ServiceActor
  readonly issuer: string
}

interface V1RouteOf<Params, Query, Body, Data> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `/v1`, as Fastify writes it. */
  readonly path: `/${string}`
  readonly operationId: string
  readonly summary: string
  readonly scope: ServiceScope
  readonly params: z.ZodType<Params>
  readonly query: z.ZodType<Query>
  readonly body: z.ZodType<Body>
  readonly data: z.ZodType<Data>
  /** What `/openapi.json` says of the reply, where the schema that makes it turns one type into another. */
  readonly described: z.ZodType
  /** Reasons beside those that every route has. */
  readonly reasons: readonly Reason[]
  readonly run: (
    call: V1Call,
    input: { params: Params; query: Query; body: Body },
  ) => Promise<unknown>
}

/** A route of any input and reply: the input is validated before the handler runs, the reply after it. */
export interface V1Route extends Omit<V1RouteOf<unknown, unknown, unknown, unknown>, 'run'> {
  readonly handle: (call: V1Call, request: FastifyRequest) => Promise<unknown>
}

export function v1Route<Params, Query, Body, Data>(
  route: V1RouteOf<Params, Query, Body, Data>,
): V1Route {
  const { run, ...description } = route
  return {
    ...description,
    async handle(call, request) {
      const input = readInput(route, request)
      if (input instanceof Failure) {
        // The use case, which asks for the scope first, does not run; the scope still comes before the input.
        await call.services.requireScope(call.actor, route.scope)
        throw input
      }
      return route.data.parse(await run(call, input))
    },
  }
}

export const formType = 'application/x-www-form-urlencoded'

/** Whether the body is a form: RFC 7662 §2.1. */
export const isForm = ({ body }: Pick<V1Route, 'body'>): boolean => body === introspectionForm

/** The content types of a body. `application/merge-patch+json` says what a PATCH with null means (RFC 7396). */
export function bodyTypesOf(route: Pick<V1Route, 'method' | 'body'>): readonly string[] {
  if (isForm(route)) return [formType]
  return route.method === 'PATCH'
    ? ['application/json', 'application/merge-patch+json']
    : ['application/json']
}

export const scopeOfRoute = (request: FastifyRequest): ServiceScope | null =>
  request.routeOptions.config.serviceScope ?? null

/** The input of a call, or the refusal `invalid_input`. */
function readInput<Params, Query, Body>(
  route: Pick<V1RouteOf<Params, Query, Body, unknown>, 'params' | 'query' | 'body'>,
  request: FastifyRequest,
): { params: Params; query: Query; body: Body } | Failure {
  try {
    return {
      params: validate(route.params, request.params),
      query: validate(route.query, request.query),
      body: validate(route.body, request.body),
    }
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
}

/** @throws Failure `invalid_input`, whose detail names the invalid properties and never contains the input */
function validate<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new Failure('invalid_input', { detail: detailOf(result.error) })
}
