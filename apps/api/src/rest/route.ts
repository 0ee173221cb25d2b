import { Failure, type Origin, type Reason, type UserService } from '@mianmi/core'
import type { z } from 'zod'
import { detailOf } from '../http/error-replies.ts'

/** What a route handler receives of a request. */
export interface RestCall {
  readonly users: UserService
  readonly origin: Origin
  /** From any of the three places (see sid.ts); not verified. */
  readonly accessToken: string | null
  /** The configured appids. */
  readonly appIds: readonly string[]
  readonly exposeOpenid: boolean
}

export interface RestReply<Data> {
  readonly data: Data
  /** The new value of the cookie: a token, null to remove it, or undefined to leave it unchanged. */
  readonly sid?: string | null
}

interface RestRouteOf<Body, Data> {
  readonly method: 'GET' | 'POST'
  /** Below `/auth`. */
  readonly path: `/${string}`
  readonly summary: string
  readonly signedIn: boolean
  /** Schema of the body; null for a route without body. */
  readonly body: z.ZodType<Body> | null
  readonly data: z.ZodType<Data>
  /** Reasons beside those that every route has. */
  readonly reasons: readonly Reason[]
  readonly run: (call: RestCall, body: Body) => Promise<RestReply<Data>>
}

/** A route of any body and data type: the body is validated before the handler runs, the data after it. */
export interface RestRoute extends Omit<RestRouteOf<unknown, unknown>, 'run'> {
  readonly handle: (call: RestCall, body: unknown) => Promise<RestReply<unknown>>
}

export function restRoute<Body, Data>({ run, ...description }: RestRouteOf<Body, Data>): RestRoute {
  const { body: bodySchema, data: dataSchema } = description
  return {
    ...description,
    async handle(call, body) {
      const { data, ...rest } = await run(call, validateBody(bodySchema, body))
      return { data: dataSchema.parse(data), ...rest }
    },
  }
}

/** @throws Failure `invalid_input`, whose detail names the invalid properties and never contains the input */
function validateBody<Body>(schema: z.ZodType<Body> | null, body: unknown): Body {
  if (schema === null) return undefined as Body
  const result = schema.safeParse(body)
  if (result.success) return result.data
  throw new Failure('invalid_input', { detail: detailOf(result.error) })
}
