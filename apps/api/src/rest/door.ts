import { Failure, type Login, type Origin, type Reason } from '@mianmi/core'
import type { z } from 'zod'
import { detailOf } from '../http/failures.ts'

/** What a door may know of a request. */
export interface Call {
  readonly login: Login
  readonly origin: Origin
  /** In whichever of the three ways it came; unverified. */
  readonly accessToken: string | null
  /** The configured appids. */
  readonly appIds: readonly string[]
  readonly exposeOpenid: boolean
}

export interface Outcome<Data> {
  readonly data: Data
  /** What the cookie becomes: this token, nothing (null), or what it was (left out). */
  readonly sid?: string | null
}

interface DoorOf<Body, Data> {
  readonly method: 'GET' | 'POST'
  /** Below `/auth`. */
  readonly path: `/${string}`
  readonly summary: string
  readonly signedIn: boolean
  /** What goes in; null for a door that takes no body. */
  readonly body: z.ZodType<Body> | null
  readonly data: z.ZodType<Data>
  /** Beside those that every door has. */
  readonly reasons: readonly Reason[]
  readonly run: (call: Call, body: Body) => Promise<Outcome<Data>>
}

/** A door, whatever it takes and gives: the body is checked on the way in, the data on the way out. */
export interface Door extends Omit<DoorOf<unknown, unknown>, 'run'> {
  readonly answer: (call: Call, body: unknown) => Promise<Outcome<unknown>>
}

export function door<Body, Data>({ run, ...described }: DoorOf<Body, Data>): Door {
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
