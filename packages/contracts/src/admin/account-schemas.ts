import { z } from 'zod'
import { accountName, newPassword } from '../schemas/schemas.ts'
import { text } from '../schemas/text.ts'
import { id, time } from './fields.ts'

/** The wire schemas of the administrators' own sign-in and of the list of administrators. */

export const signInInput = z.strictObject({
  account: text.min(1).max(64),
  password: text.min(1).max(128),
})
/** Six digits of an authenticator app, or a recovery code. */
export const codeInput = z.strictObject({ code: text.trim().min(6).max(32) })
/** What `admin.js create` or the first start of the service prints. */
export const enrolInput = z.strictObject({ enrolmentCode: text.trim().min(1).max(64) })

export const changePasswordInput = codeInput.extend({
  currentPassword: text.min(1).max(128),
  newPassword,
})

export const firstFactorOutput = z.object({ next: z.enum(['enrol', 'code']) })
export const enrolOutput = z.object({ secret: z.string(), uri: z.string() })
export const recoveryCodesOutput = z.object({ recoveryCodes: z.array(z.string()).readonly() })
export const administratorOutput = z.object({
  operator: z.object({
    id: z.string(),
    account: z.string(),
    nickname: z.string().nullable(),
    signedInAt: time,
    expiresAt: time,
    /** Milliseconds. */
    idleTtl: z.number(),
    recoveryCodesLeft: z.int(),
  }),
  /** The configured apps. */
  apps: z.array(z.object({ appId: z.string(), name: z.string().nullable() })).readonly(),
})

export const administratorsOutput = z.object({
  administrators: z
    .array(
      z.object({
        id: z.string(),
        account: z.string().nullable(),
        createdAt: time,
        disabledAt: time.nullable(),
        /** When a console session was last used; null where none is open. */
        lastSeenAt: time.nullable(),
        hasSecondFactor: z.boolean(),
        /** Until when an app can be enrolled; null where no code is valid. */
        enrolmentExpiresAt: time.nullable(),
      }),
    )
    .readonly(),
})

/** `code` is one of the second factor of the administrator who acts. */
export const administratorInput = codeInput.extend({ userId: id })
export const addAdministratorInput = codeInput.extend({
  account: accountName,
  password: newPassword,
})

/** Shown this once. */
export const enrolmentCodeOutput = z.object({
  enrolmentCode: z.string(),
  enrolmentCodeExpiresAt: time,
})
export const addedAdministratorOutput = enrolmentCodeOutput.extend({ id: z.string() })
