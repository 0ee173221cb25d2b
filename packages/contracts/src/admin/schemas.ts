import { reasons } from '@mianmi/core'
import { auditActions, maxOverviewDays, numberOfDay } from '@mianmi/core/admin'
import { z } from 'zod'
import { text } from '../schemas/text.ts'
import {
  appId,
  auditLine,
  countedPageOf,
  cursor,
  id,
  identity,
  limit,
  pageOf,
  person,
  time,
  toWire,
} from './fields.ts'

export * from './account-schemas.ts'
export * from './people-schemas.ts'
export * from './service-key-schemas.ts'
export * from './webhook-schemas.ts'

/**
 * The wire schemas of the admin router. Use cases return milliseconds; the output schemas turn them into ISO
 * 8601 and drop every field that they do not list.
 */

const dayRange = z
  // Both days included, from midnight to midnight in UTC+8.
  .strictObject({ from: z.iso.date(), to: z.iso.date() })
  .refine(({ from, to }) => from <= to && numberOfDay(to) - numberOfDay(from) < maxOverviewDays)
/** The last days, 14 of them unless said otherwise; or from one day to another. */
export const overviewInput = z.union([
  z.strictObject({ days: z.int().min(1).max(90).default(14) }),
  dayRange,
])
const dayCount = z.object({
  day: z.string(),
  signIns: z.int(),
  newUsers: z.int(),
  bound: z.int(),
  unbound: z.int(),
  refused: z.int(),
})
export const overviewOutput = z.object({
  today: dayCount,
  yesterday: dayCount,
  days: z.array(dayCount).readonly(),
  refusals: z.array(z.object({ reason: z.enum(reasons), count: z.int() })).readonly(),
  wechat: z
    .array(
      z.object({
        appId: z.string(),
        api: z.string(),
        errcode: z.int().nullable(),
        count: z.int(),
        meanMs: z.number(),
        maxMs: z.number(),
      }),
    )
    .readonly(),
  quota: z
    .array(
      z.object({
        appId: z.string(),
        api: z.string(),
        used: z.int(),
        limit: z.int().nullable(),
      }),
    )
    .readonly(),
  totals: z.object({
    users: z.int(),
    disabled: z.int(),
    identities: z.int(),
    sessions: z.int(),
    conflicts: z.int(),
  }),
  health: z.object({
    startedAt: time,
    version: z.string(),
    node: z.string(),
    eventLoopP99Ms: z.number(),
    heapBytes: z.number(),
    rssBytes: z.number(),
    databaseBytes: z.number().nullable(),
  }),
})

export const pageInput = z.strictObject({ cursor, limit: limit.max(100).default(20) })
export const conflictsOutput = countedPageOf(
  z.object({ unionid: z.string(), detectedAt: time, first: person, second: person }),
)
export const mergeInput = z.strictObject({
  unionid: text.min(1).max(64),
  firstUserId: id,
  secondUserId: id,
  /** The user who is kept. */
  keepUserId: id,
})
export const previewOutput = z.object({
  kept: person,
  gone: person,
  moves: z.object({
    identities: z.array(identity).readonly(),
    account: z.string().nullable(),
    password: z.boolean(),
    phone: z.string().nullable(),
    nickname: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    externalId: z.string().nullable(),
  }),
  stays: z.object({
    identities: z.array(identity).readonly(),
    account: z.string().nullable(),
    phone: z.string().nullable(),
    nickname: z.string().nullable(),
    externalId: z.string().nullable(),
  }),
  endedSessions: z.int(),
})
const named = z.object({ id: z.string(), name: z.string().nullable() })
export const merge = z
  .object({
    id: z.string(),
    mergedAt: time,
    undoUntil: time,
    undoneAt: time.nullable(),
    kept: named,
    gone: named,
    adminId: z.string(),
    adminName: z.string().nullable(),
  })
  .transform(({ adminName: operatorName, ...merge }) => ({ ...toWire(merge), operatorName }))
export const mergeOutput = z.object({ merge })
export const mergesOutput = z.object({ merges: z.array(merge).readonly() })
export const mergeIdInput = z.strictObject({ mergeId: id })

const auditFilter = {
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  action: z.enum(auditActions).optional(),
  outcome: z.enum(['ok', 'unbound', 'started', ...reasons]).optional(),
  /** Absent: both. */
  kind: z.enum(['change', 'read']).optional(),
  userId: id.optional(),
  operatorId: id.optional(),
}
export const auditFilterInput = z.strictObject(auditFilter)
export const auditInput = z.strictObject({
  ...auditFilter,
  cursor,
  limit: limit.max(500).default(50),
})
export const auditOutput = pageOf(auditLine)
export const countOutput = z.object({ count: z.int() })

export const appsOutput = z.object({
  apps: z
    .array(
      z.object({
        appId: z.string(),
        identities: z.int(),
        signInsToday: z.int(),
        lastSignInAt: time.nullable(),
      }),
    )
    .readonly(),
})
export const appInput = z.strictObject({ appId })
export const appFindingOutput = z.object({
  finding: z.enum([
    'ok',
    'appid_rejected',
    'secret_rejected',
    'address_not_allowed',
    'quota_used_up',
    'busy',
    'unreachable',
    'unexpected',
  ]),
  errcode: z.int().nullable(),
  address: z.string().nullable(),
  durationMs: z.number(),
})

export const settingsOutput = z.object({
  settings: z
    .array(
      z.object({
        name: z.string(),
        /** Null for a secret, and where nothing is set. */
        value: z.string().nullable(),
        secret: z.boolean(),
        isDefault: z.boolean(),
      }),
    )
    .readonly(),
})
