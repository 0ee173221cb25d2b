import { sql } from 'drizzle-orm'
import { index, pgTable, primaryKey, smallint } from 'drizzle-orm/pg-core'
import { text, whole } from '../columns.ts'
import { users } from '../schema.ts'

/** The tables of the admin side. Times are in ms since the epoch. */

/** The key of an administrator to whom the row belongs and with whom it is deleted. */
const userId = () =>
  text('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' })

export const adminSessions = pgTable(
  'operator_sessions',
  {
    /** Hash of the token in the cookie. */
    hash: text('hash').primaryKey(),
    userId: userId(),
    factor: text<'first' | 'full'>('stage').notNull(),
    createdAt: whole('created_at').notNull(),
    lastSeenAt: whole('last_seen_at').notNull(),
    expiresAt: whole('expires_at').notNull(),
    /** Fingerprint of the password hash, to notice a changed password. */
    passwordFingerprint: text('password_mark').notNull(),
    /** Sealed secret of an authenticator app that has not been confirmed by a code. */
    pendingSecret: text('pending_secret'),
  },
  (table) => [
    index('operator_sessions_user').on(table.userId),
    index('operator_sessions_expires_at').on(table.expiresAt),
  ],
)

/** The authenticator app of each administrator. */
export const adminFactors = pgTable('operator_factors', {
  userId: userId().primaryKey(),
  sealedSecret: text('sealed_secret').notNull(),
  /** Time step of the newest used code; no code of this step or an earlier one is accepted again. */
  lastStep: whole('last_step').notNull(),
})

/** Hashes of the unused recovery codes; a used one is deleted. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  { userId: userId(), hash: text('hash').notNull() },
  (table) => [primaryKey({ columns: [table.userId, table.hash] })],
)

/** Codes that let an administrator enrol an authenticator app; one each. */
export const enrolmentCodes = pgTable('enrolment_codes', {
  userId: userId().primaryKey(),
  hash: text('hash').notNull(),
  expiresAt: whole('expires_at').notNull(),
})

/** Browsers in which an administrator has signed in with both factors. */
export const knownBrowsers = pgTable(
  'known_browsers',
  {
    /** Hash of the token in the cookie. Several administrators may use one browser. */
    hash: text('hash').notNull(),
    userId: userId(),
    createdAt: whole('created_at').notNull(),
    expiresAt: whole('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.hash, table.userId] }),
    index('known_browsers_user').on(table.userId, table.createdAt),
    index('known_browsers_expires_at').on(table.expiresAt),
  ],
)

/**
 * One of 16 rows that share a count, so that nodes which count at the same time do not wait for one another. A process
 * chooses its part at random; a reader adds the parts.
 */
const part = () => smallint('part').notNull()

/** The events of the audit log, counted. `day` counts days since the epoch in UTC+8. */
export const dailyCounts = pgTable(
  'daily_counts',
  {
    day: whole('day').notNull(),
    action: text('action').notNull(),
    /** As in the audit log; `new_user` when a successful sign-in created a user. */
    outcome: text('outcome').notNull(),
    /** Empty when the event belongs to no app, or to one that is not configured. */
    appId: text('app_id').notNull(),
    part: part(),
    count: whole('count').notNull(),
    lastAt: whole('last_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.day, table.action, table.outcome, table.appId, table.part] }),
  ],
)

/** WeChat's answers. `day` counts days since the epoch in UTC+8. */
export const wechatCounts = pgTable(
  'wechat_counts',
  {
    day: whole('day').notNull(),
    appId: text('app_id').notNull(),
    api: text('api').notNull(),
    /** Empty when no complete answer came. */
    errcode: text('errcode').notNull(),
    part: part(),
    count: whole('count').notNull(),
    sumMs: whole('sum_ms').notNull(),
    maxMs: whole('max_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.day, table.appId, table.api, table.errcode, table.part] }),
  ],
)

/** What administrators noted about a user. Deleted with the user. */
export const personNotes = pgTable(
  'person_notes',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The administrator who wrote it; null after the administrator was deleted. */
    adminId: text('operator_id').references(() => users.id, { onDelete: 'set null' }),
    at: whole('at').notNull(),
    text: text('text').notNull(),
    /** The user whose note it was before a merge, for the undo. */
    mergedFrom: text('merged_from').references(() => users.id, { onDelete: 'set null' }),
  },
  (table) => [
    index('person_notes_user').on(table.userId, table.at, table.id),
    index('person_notes_operator').on(table.adminId).where(sql`operator_id is not null`),
    index('person_notes_merged_from').on(table.mergedFrom).where(sql`merged_from is not null`),
  ],
)
