import { isServiceKeyName, maxServiceKeyName, serviceScopes } from '@mianmi/core'
import { maxOverlap } from '@mianmi/core/admin'
import { z } from 'zod'
import { text } from '../schemas/text.ts'
import { codeInput } from './account-schemas.ts'
import { id, time } from './fields.ts'

/** The wire schemas of the keys of other services. */

const hourMs = 3_600_000
const scope = z.enum(serviceScopes)

export const serviceKeysOutput = z.object({
  keys: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        scopes: z.array(scope).readonly(),
        createdAt: time,
        /** The administrator who created it; null for a command, and where the administrator was deleted. */
        createdBy: z.string().nullable(),
        /** What the creator is called now; null where nothing is known. */
        creatorName: z.string().nullable(),
        revokedAt: time.nullable(),
        /** Newest first. */
        secrets: z
          .array(
            z.object({
              createdAt: time,
              /** Until when it is accepted after a rotation. */
              expiresAt: time.nullable(),
              lastUsedAt: time.nullable(),
            }),
          )
          .readonly(),
      }),
    )
    .readonly(),
})

/** `code` is one of the second factor of the administrator who acts. */
export const createServiceKeyInput = codeInput.extend({
  name: text.min(1).max(maxServiceKeyName).refine(isServiceKeyName),
  scopes: z.array(scope).min(1).max(serviceScopes.length),
})
/** `overlapHours`: how long the secret before is accepted; 24 where it is absent. */
export const rotateServiceKeyInput = codeInput.extend({
  keyId: id,
  overlapHours: z
    .int()
    .min(0)
    .max(maxOverlap / hourMs)
    .optional(),
})
export const serviceKeyInput = z.strictObject({ keyId: id })

/** Shown this once. */
export const createdServiceKeyOutput = z.object({ id: z.string(), key: z.string() })
export const rotatedServiceKeyOutput = z.object({ key: z.string(), previousUntil: time })
