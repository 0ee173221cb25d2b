import { maxExternalIdLength, reasons } from '@mianmi/core'
import { auditActions } from '@mianmi/core/admin'
import { z } from 'zod'
import { boundBy } from '../schemas/schemas.ts'
import { text } from '../schemas/text.ts'
import { cursor, id, limit, time } from './fields.ts'

export * from './account-schemas.ts'
export * from './service-key-schemas.ts'
export * from './webhook-schemas.ts'

/**
 * The wire schemas of the admin router. Use cases return milliseconds; the output schemas turn them into ISO
 * 8601 and drop every field that they do not list.
 */

const appId = text.min(1).max(64)
const role = z.enum(['user', 'admin'])

/** On the wire the administrator of a row is `operatorId`. */
function toWire<Row extends { adminId?: string | null | undefined }>({ adminId, ...row }: Row) {
  return { ...row, operatorId: adminId as Row['adminId'] }
}

export const daysInput = z.strictObject({ days: z.int().min(1).max(90).default(14) })
export const overviewOutput = z.object({
  days: z
    .array(
      z.object({
        day: z.string(),
        signIns: z.int(),
        newUsers: z.int(),
        bound: z.int(),
        unbound: z.int(),
        refused: z.int(),
      }),
    )
    .readonly(),
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

const person = z.object({
  id: z.string(),
  account: z.string().nullable(),
  /** Masked: `138****8000`. */
  phone: z.string().nullable(),
  nickname: z.string().nullable(),
  avatarUrl: z.string().nullable(),
  role,
  createdAt: time,
  disabledAt: time.nullable(),
  /** The id that the user has in the team's own system. */
  externalId: z.string().nullable(),
  lastSeenAt: time.nullable(),
  appIds: z.array(z.string()).readonly(),
})

const identity = z.object({
  appId: z.string(),
  openid: z.string(),
  unionid: z.string().nullable(),
  boundAt: time,
  boundBy,
  lastSeenAt: time,
  device: z.string().nullable(),
})

const auditLine = z
  .object({
    id: z.int(),
    at: time,
    action: z.string(),
    outcome: z.string(),
    userId: z.string().nullable(),
    adminId: z.string().nullish(),
    appId: z.string().nullable(),
    address: z.string().nullable(),
    device: z.string().nullable(),
    /** How many calls the line stands for. */
    count: z.int(),
    /** What the user is called now; null where nothing is known. */
    userName: z.string().nullable(),
    adminName: z.string().nullable(),
  })
  .transform(({ adminName: operatorName, ...line }) => ({ ...toWire(line), operatorName }))

const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item).readonly(), next: z.string().nullable() })

export const peopleInput = z.strictObject({
  /** A complete user id, external id, openid or phone number, or the beginning of an account name or nickname. */
  search: text.trim().min(1).max(maxExternalIdLength).optional(),
  status: z.enum(['active', 'disabled']).optional(),
  role: role.optional(),
  appId: appId.optional(),
  cursor,
  limit: limit.max(100).default(20),
})
export const peopleOutput = pageOf(person)
export const userIdInput = z.strictObject({ userId: id })
export const personOutput = z.object({
  person: person.extend({ hasPassword: z.boolean() }),
  identities: z.array(identity).readonly(),
  sessions: z
    .array(
      z.object({
        id: z.string(),
        appId: z.string(),
        device: z.string().nullable(),
        createdAt: time,
        lastSeenAt: time,
        expiresAt: time,
      }),
    )
    .readonly(),
  history: z.array(auditLine).readonly(),
})
export const endSessionsInput = z.strictObject({ userId: id, sessionId: id.optional() })
export const endedOutput = z.object({ ended: z.int() })
export const identityInput = z.strictObject({ userId: id, appId })
/** `everywhere`: each identity of the user with the same unionid. */
export const unbindInput = identityInput.extend({ everywhere: z.boolean().optional() })
/** `confirm` is what the administrator typed: the account name, or the id of a user without one. */
export const removeInput = z.strictObject({ userId: id, confirm: text.min(1).max(2_048) })
export const phoneOutput = z.object({ phone: z.string().nullable() })

/** Whether the user can still sign in, after a password or a number was removed. */
export const canSignInOutput = z.object({ canSignIn: z.boolean() })

export const pageInput = z.strictObject({ cursor, limit: limit.max(100).default(20) })
export const conflictsOutput = pageOf(
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
  })
  .transform(toWire)
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
