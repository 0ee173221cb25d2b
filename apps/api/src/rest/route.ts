import { Failure, type Origin, type Reason, type UserService } from '@mianmi/core'
import type { z } from 'zod'
import { detailOf } from '../http/failures.ts'

/** What a route may know of a request. */
export interface RestCall {
  readonly users: UserService
  readonly origin: Origin
  /** In whichever of the three ways it came; unverified. */
  readonly accessToken: string | null
  /** The configured appids. */
  readonly appIds: readonly string[]
  readonly exposeOpenid: boolean
}

export interface RestReply<Data> {
  readonly data: Data
  /** What the cookie becomes: this token, nothing (null), or what it was (left out). */
  readonly sid?: string | null
}

interface RestRouteOf<Body, Data> {
  readonly method: 'GET' | 'POST'
  /** Below `/auth`. */
  readonly path: `/${string}`
  readonly summary: string
  readonly signedIn: boolean
  /** What goes in; null for a route that takes no body. */
  readonly body: z.ZodType<Body> | null
  readonly data: z.ZodType<Data>
  /** Beside those that every route has. */
  readonly reasons: readonly Reason[]
  readonly run: (call: RestCall, body: Body) => Promise<RestReply<Data>>
}

/** A route, whatever it takes and gives: the body is checked on the way in, the data on the way out. */
export interface RestRoute extends Omit<RestRouteOf<unknown, unknown>, 'run'> {
  readonly answer: (call: RestCall, body: unknown) => Promise<RestReply<unknown>>
}

export function restRoute<Body, Data>({ run, ...described }: RestRouteOf<Body, Data>): RestRoute {
  const { body: bodySchema, data: dataSchema } = described
  return {
    ...described,
    async answer(call, body) {
      const { data, ...rest } = await run(call, check(bodySchema, body))
      return { data: dataSchema.parse(data), ...rest }
    },
  }
}

/** @throws Failure `invalid_input`, whose detail names places and never holds what was sent */
function check<Body>(schema: z.ZodType<Body> | null, body: unknown): Body {
  if (schema === null) return undefined as Body
  const checked = schema.safeParse(body)
  if (checked.success) return checked.data
  throw new Failure('invalid_input', { detail: detailOf(checked.error) })
}
