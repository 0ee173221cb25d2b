import { reasons } from '@mianmi/core'
import { z } from 'zod'
import { credential, miniLoginInput, nothing, proof, refreshInput, user } from './schemas.ts'

/**
 * The bodies and replies of the plain-HTTP routes, composed of the parts of the tRPC contract. The descriptions
 * appear in `/openapi.json`.
 */

const [byTicket, byCode] = proof.options
const [byPassword, byPhone] = credential.options

const appIdIfOne = {
  appId: byCode.shape.appId.optional().describe('May be left out where one app is configured.'),
}
const loginCode = { code: byCode.shape.code.describe('From `wx.login`.') }
const ticket = { ticket: byTicket.shape.ticket.describe('From an earlier `miniLogin`.') }
const password = byPassword.omit({ type: true }).shape
const phone = { phoneCode: byPhone.shape.code.describe('From a `getPhoneNumber` button.') }

export const miniLoginBody = miniLoginInput.extend({ ...appIdIfOne, ...loginCode })

/** A proof of the WeChat identity and a credential of the account. */
export const bindBody = z.union([
  z.strictObject({ ...ticket, ...password }),
  z.strictObject({ ...ticket, ...phone }),
  z.strictObject({ ...appIdIfOne, ...loginCode, ...password }),
  z.strictObject({ ...appIdIfOne, ...loginCode, ...phone }),
])

export const refreshBody = refreshInput

/** For routes without input: no body, or an empty object. */
export const emptyBody = z.strictObject({}).optional()

export const signInData = z.object({
  sid: z.string().nullable().describe('The access token; null while unbound.'),
  refreshToken: z
    .string()
    .nullable()
    .describe('Exchange it for a new `sid` when that has expired.'),
  openId: z.string().nullable().describe('Null unless `EXPOSE_OPENID` is true.'),
  unionId: z
    .string()
    .nullable()
    .describe('Null unless `EXPOSE_OPENID` is true and WeChat returned one.'),
  userId: z.string().nullable(),
  needVerify: z.boolean().describe('True while this WeChat identity is bound to no account.'),
  ticket: z.string().nullable().describe('To bind with; null once bound.'),
  newUser: z.boolean().describe('Whether this call made the user.'),
})

export const userData = user
export const renewedData = z.object({ sid: z.string(), refreshToken: z.string() })
export const emptyData = nothing

const every = {
  message: z.string().describe('A fixed text.'),
  datetime: z.iso.datetime().describe('When the reply was made, in UTC.'),
  traceId: z.string().describe('Names the request in the log.'),
}

/** The envelope of a successful reply. */
export function accepted<T extends z.ZodType>(data: T) {
  return z.object({ success: z.literal(true), code: z.literal(200), ...every, data })
}

/** The envelope of a refusal. */
export const refused = z.object({
  success: z.literal(false),
  code: z.int().min(400).max(599).describe('The HTTP status.'),
  ...every,
  data: z.object({
    reason: z.enum(reasons),
    retryAfter: z.int().positive().optional().describe('Seconds to wait before another try.'),
  }),
})

export type MiniLoginBody = z.infer<typeof miniLoginBody>
export type BindBody = z.infer<typeof bindBody>
export type SignInData = z.infer<typeof signInData>
export type Refused = z.infer<typeof refused>
