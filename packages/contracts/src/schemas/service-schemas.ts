import { isExternalId, maxExternalIdLength, reasons } from '@mianmi/core'
import { z } from 'zod'
import { text } from './text.ts'

/** The inputs and replies of `/v1`, for other services. The descriptions appear in `/openapi.json`. */

const time = z.number().transform((ms) => new Date(ms).toISOString())
const userId = text.min(1).max(64)
const externalId = text
  .min(1)
  .max(maxExternalIdLength)
  .refine(isExternalId)
  .describe('The id that the user has in your own system. Compared exactly.')

export const userParams = z.strictObject({ id: userId })

/** By one of the two, and nothing else. */
export const userQuery = z.union([
  z.strictObject({ externalId }),
  z.strictObject({ appId: text.min(1).max(64), openid: text.min(1).max(128) }),
])

/** Null removes the external id. At least one of the two. */
export const userPatch = z
  .strictObject({ externalId: externalId.nullable().optional(), disabled: z.boolean().optional() })
  .refine((change) => Object.keys(change).length > 0)

/**
 * `client_id` and `client_secret` (the key) are for clients that send no `Authorization` (RFC 6749 §2.3.1). Other parameters are
 * ignored (§3.2), and a token may be any text: what is no access token is not active.
 */
export const introspectionForm = z.object({
  token: z.string().min(1).describe('An access token.'),
  token_type_hint: text.optional().describe('Ignored: only access tokens are active.'),
  client_id: text.optional().describe('Ignored: the key names the caller.'),
  client_secret: text
    .optional()
    .describe('A service key, where no `Authorization` is sent (`client_secret_post`).'),
})

const seconds = z.number().describe('Seconds since the epoch.')

export const introspection = z.union([
  z.object({
    active: z.literal(true),
    sub: z.string().describe('The id of the user.'),
    client_id: z.string().describe('The appid of the mini program, as `aud`.'),
    sid: z.string().describe('The id of the session.'),
    exp: seconds,
    iat: seconds,
    iss: z.string(),
    aud: z.string(),
    externalId: z.string().optional().describe('Absent where the user has none.'),
  }),
  z.object({ active: z.literal(false) }),
])

const settable = {
  id: z.string(),
  externalId: z.string().nullable(),
}
const disabled = z
  .number()
  .nullable()
  .transform((at) => at !== null)
const readable = {
  account: z.string().nullable(),
  nickname: z.string().nullable(),
  avatarUrl: z.string().nullable(),
}

/** Core's user on the wire: `disabledAt` as `disabled`, and nothing that is not listed. */
function withDisabled<User extends { disabledAt: boolean | undefined }>({
  disabledAt,
  ...user
}: User) {
  return { ...user, disabled: disabledAt === true }
}

export const serviceUser = z
  .object({
    ...settable,
    ...readable,
    disabledAt: disabled,
    createdAt: time,
    identities: z
      .array(z.object({ appId: z.string(), openid: z.string(), unionid: z.string().nullable() }))
      .readonly()
      .optional(),
    phone: z.string().nullable().optional(),
  })
  .transform(withDisabled)

export const changedUser = z
  .object({
    ...settable,
    disabledAt: disabled,
    account: z.string().nullable().optional(),
    nickname: z.string().nullable().optional(),
    avatarUrl: z.string().nullable().optional(),
    createdAt: time.optional(),
  })
  .transform(withDisabled)

/** The two above as `/openapi.json` describes them. */
export const describedUser = z.object({
  ...settable,
  ...readable,
  disabled: z.boolean(),
  createdAt: z.iso.datetime(),
  identities: z
    .array(z.object({ appId: z.string(), openid: z.string(), unionid: z.string().nullable() }))
    .optional()
    .describe('With the scope `identities:read`.'),
  phone: z.string().nullable().optional().describe('In full, with the scope `phones:read`.'),
})
export const describedChangedUser = describedUser
  .omit({ identities: true, phone: true })
  .partial({ account: true, nickname: true, avatarUrl: true, createdAt: true })
  .describe('Without `users:read`: `id`, `externalId` and `disabled` alone.')

export const endedSessions = z.object({ ended: z.int().nonnegative() })

/** RFC 9457, as `application/problem+json`. */
export const problem = z.object({
  type: z.literal('about:blank'),
  title: z.string().describe('The name of the HTTP status.'),
  status: z.int(),
  detail: z.string().describe('A fixed text for each reason.'),
  reason: z.enum(reasons),
  traceId: z.string().describe('Names the request in the log.'),
  retryAfter: z.int().positive().optional().describe('Seconds to wait before another try.'),
})

export type Problem = z.infer<typeof problem>
