import { z } from 'zod'
import { boundBy } from '../schemas/schemas.ts'
import { text } from '../schemas/text.ts'

/** Use cases return milliseconds; the wire has ISO 8601. */
export const time = z.number().transform((ms) => new Date(ms).toISOString())
export const id = text.min(1).max(64)
export const appId = text.min(1).max(64)
/** A cursor may contain an account name in its normal form, which can be up to 18 times as long as the name. */
export const cursor = text.min(1).max(4_096).optional()
export const limit = z.int().min(1)
export const role = z.enum(['user', 'admin'])

/** On the wire the administrator of a row is `operatorId`. */
export function toWire<Row extends { adminId?: string | null | undefined }>({
  adminId,
  ...row
}: Row) {
  return { ...row, operatorId: adminId as Row['adminId'] }
}

export const person = z.object({
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

export const identity = z.object({
  appId: z.string(),
  openid: z.string(),
  unionid: z.string().nullable(),
  boundAt: time,
  boundBy,
  lastSeenAt: time,
  device: z.string().nullable(),
})

export const auditLine = z
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

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item).readonly(), next: z.string().nullable() })

/** The first page has the number of rows of the list, where it is known; not exact: at least that many. */
export const countedPageOf = <T extends z.ZodType>(item: T) =>
  pageOf(item).extend({
    count: z.object({ value: z.int(), isExact: z.boolean() }).nullable(),
  })
