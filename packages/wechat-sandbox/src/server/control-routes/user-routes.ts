import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { SandboxState } from '../state/sandbox-state.ts'
import { parseInput } from './parse-input.ts'
import { appIdSchema, userNameSchema } from './user-schema.ts'

const identifier = z
  .string()
  .regex(/^[\w-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, "-" or "_"' })

const countryCode = z
  .union([z.string(), z.number()])
  .refine((code) => /^ ?(\+|00)?[1-9]\d{0,3}$/.test(String(code)), {
    error:
      'must be 1 to 4 digits, as a text or as a number, with " ", "+" or "00" before it or without',
  })

const change = z.strictObject({
  user: userNameSchema,
  phone: z
    .string()
    .regex(/^\d{4,15}$/, { error: 'must be 4 to 15 digits' })
    .optional(),
  countryCode: countryCode.optional(),
  unionid: identifier.nullable().optional(),
  blocked: z.boolean().optional(),
})

/** Routes with which a test changes what WeChat knows of a user. */
export function registerUserRoutes(app: FastifyInstance, state: SandboxState): void {
  const ownership = z.strictObject({
    appId: appIdSchema(state),
    user: userNameSchema,
    openid: identifier.nullable(),
  })

  app.post('/sandbox/person', async ({ body }) => {
    const { user, ...changes } = parseInput(change, body)
    return { user, ...state.users.update(user, changes) }
  })

  app.post('/sandbox/openid', async ({ body }) => {
    const { appId, user, openid } = parseInput(ownership, body)
    return { openid: state.users.setOpenid(appId, user, openid) }
  })
}
