import { maxExternalIdLength } from '@mianmi/core'
import { maxBulk, maxNoteLength, peopleSorts } from '@mianmi/core/admin'
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
  role,
  time,
} from './fields.ts'

/** The wire schemas of people: lists, files, notes and what is done to one or many. */

const note = z
  .object({
    id: z.string(),
    at: time,
    adminId: z.string().nullable(),
    adminName: z.string().nullable(),
    text: z.string(),
  })
  .transform(({ adminId: operatorId, adminName: operatorName, ...rest }) => ({
    ...rest,
    operatorId,
    operatorName,
  }))

const peopleFilter = {
  /**
   * A complete user id, external id, openid or phone number; the beginning of an account name; any part of a nickname; the
   * last four digits of a phone number.
   */
  search: text.trim().min(1).max(maxExternalIdLength).optional(),
  status: z.enum(['active', 'disabled']).optional(),
  role: role.optional(),
  appId: appId.optional(),
  cursor,
}
/** The newest first unless said otherwise. `account` orders everyone who has an account name, so it takes no filter. */
export const peopleInput = z
  .strictObject({
    ...peopleFilter,
    sort: z.enum(peopleSorts).optional(),
    limit: limit.max(100).default(20),
  })
  .refine(({ sort, search, status, role, appId }) => {
    const isFiltered = status !== undefined || role !== undefined || appId !== undefined
    // A search has an order of its own.
    return sort === undefined || (search === undefined && (sort !== 'account' || !isFiltered))
  })
export const exportInput = z.strictObject({ ...peopleFilter, limit: limit.max(500).default(500) })
export const peopleOutput = countedPageOf(person)
export const exportOutput = pageOf(person)
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
  /** Newest first. */
  notes: z.array(note).readonly(),
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

const bulk = {
  action: z.enum(['disable', 'endSessions']),
  userIds: z.array(id).min(1).max(maxBulk),
}
export const bulkInput = z.strictObject(bulk)
const noteText = text.trim().min(1).max(maxNoteLength)
/** `reason` is kept as a note on each user. */
export const runBulkInput = z.strictObject({ ...bulk, reason: noteText })
export const bulkOutput = z.object({
  people: z.int(),
  sessions: z.int(),
  skipped: z
    .array(
      z.object({
        userId: z.string(),
        why: z.enum(['not_found', 'administrator', 'disabled', 'no_sessions']),
      }),
    )
    .readonly(),
})

export const addNoteInput = z.strictObject({ userId: id, text: noteText })
export const addedNoteOutput = z.object({ note })
export const noteInput = z.strictObject({ userId: id, noteId: id })
