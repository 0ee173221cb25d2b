import { maxWebhookUrlLength, webhookEventTypes, webhookTestType } from '@mianmi/core'
import { maxOverlap } from '@mianmi/core/admin'
import { z } from 'zod'
import { text } from '../schemas/text.ts'
import { codeInput } from './account-schemas.ts'
import { cursor, id, limit, time } from './fields.ts'

/** The wire schemas of webhooks. */

const hourMs = 3_600_000
const event = z.enum(webhookEventTypes)
const events = z.array(event).min(1).max(webhookEventTypes.length)
const url = text.min(1).max(maxWebhookUrlLength)

export const webhooksOutput = z.object({
  webhooks: z
    .array(
      z.object({
        id: z.string(),
        url: z.string(),
        events: z.array(event).readonly(),
        createdAt: time,
        /** The administrator who created it; null for a command, and where the administrator was deleted. */
        createdBy: z.string().nullable(),
        disabledAt: time.nullable(),
        /** `gone`: the receiver answered 410. */
        disabledReason: z.enum(['administrator', 'gone']).nullable(),
        /** Until when the secret before the last rotation signs too. */
        previousSecretUntil: time.nullable(),
        pending: z.int(),
        oldestPendingAt: time.nullable(),
        /** Why the last attempt at the first pending delivery failed. */
        lastError: z.string().nullable(),
        dead: z.int(),
      }),
    )
    .readonly(),
  /** Changes of users whose events are no deliveries yet, so that no webhook's `pending` has them. */
  waiting: z.int(),
  /** Changes of users whose events cannot be read, and were set aside. */
  unreadable: z.int(),
})

/** `code` is one of the second factor of the administrator who acts. */
export const createWebhookInput = codeInput.extend({ url, events })
/** What is absent stays as it is. */
export const updateWebhookInput = codeInput.extend({
  webhookId: id,
  url: url.optional(),
  events: events.optional(),
  enabled: z.boolean().optional(),
})
/** `overlapHours`: how long the secret before signs too; 24 where it is absent. */
export const rotateWebhookSecretInput = codeInput.extend({
  webhookId: id,
  overlapHours: z
    .int()
    .min(0)
    .max(maxOverlap / hourMs)
    .optional(),
})
export const webhookInput = z.strictObject({ webhookId: id })

/** Shown this once. */
export const createdWebhookOutput = z.object({ id: z.string(), secret: z.string() })
export const rotatedWebhookOutput = z.object({ secret: z.string(), previousUntil: time })

export const deadDeliveriesInput = z.strictObject({
  webhookId: id.optional(),
  cursor,
  limit: limit.max(100).default(20),
})
export const deadDeliveriesOutput = z.object({
  items: z
    .array(
      z.object({
        id: z.string(),
        webhookId: z.string(),
        eventId: z.string(),
        type: z.enum([...webhookEventTypes, webhookTestType]),
        userId: z.string().nullable(),
        occurredAt: time,
        attempts: z.int(),
        error: z.string(),
        deadAt: time,
      }),
    )
    .readonly(),
  next: z.string().nullable(),
})
/** One delivery, or all dead ones of a webhook. */
export const deadRefInput = z.union([z.strictObject({ deliveryId: id }), webhookInput])
export const replayedOutput = z.object({ replayed: z.int() })
export const discardedOutput = z.object({ discarded: z.int() })
