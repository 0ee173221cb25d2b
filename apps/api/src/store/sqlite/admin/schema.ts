import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../schema.ts'

/** The tables of the admin side. Times are in ms since the epoch. */

export const adminSessions = sqliteTable(
  'operator_sessions',
  {
    /** Hash of the token in the cookie. */
    hash: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    factor: text('stage', { enum: ['first', 'full'] }).notNull(),
    createdAt: integer('created_at').notNull(),
    lastSeenAt: integer('last_seen_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
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
export const adminFactors = sqliteTable('operator_factors', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  sealedSecret: text('sealed_secret').notNull(),
  /** Time step of the newest used code; no code of this step or an earlier one is accepted again. */
  lastStep: integer('last_step').notNull(),
})

/** Hashes of the unused recovery codes; a used one is deleted. */
export const recoveryCodes = sqliteTable(
  'recovery_codes',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    hash: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.hash] })],
)

/** Codes that let an administrator enrol an authenticator app; one each. */
export const enrolmentCodes = sqliteTable('enrolment_codes', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  hash: text().notNull(),
  expiresAt: integer('expires_at').notNull(),
})

/** Browsers in which an administrator has signed in with both factors. */
export const knownBrowsers = sqliteTable(
  'known_browsers',
  {
    /** Hash of the token in the cookie. Several administrators may use one browser. */
    hash: text().notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.hash, table.userId] }),
    index('known_browsers_user').on(table.userId, table.createdAt),
    index('known_browsers_expires_at').on(table.expiresAt),
  ],
)

/**
 * The events of the audit log, counted in the transaction that writes them. `day` counts days since the epoch in
 * UTC+8.
 */
export const dailyCounts = sqliteTable(
  'daily_counts',
  {
    day: integer().notNull(),
    action: text().notNull(),
    /** As in the audit log; `new_user` when a successful sign-in created a user. */
    outcome: text().notNull(),
    /** Empty when the event belongs to no app, or to one that is not configured. */
    appId: text('app_id').notNull(),
    count: integer().notNull(),
    lastAt: integer('last_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.action, table.outcome, table.appId] })],
)

/** WeChat's answers. `day` counts days since the epoch in UTC+8. */
export const wechatCounts = sqliteTable(
  'wechat_counts',
  {
    day: integer().notNull(),
    appId: text('app_id').notNull(),
    api: text().notNull(),
    /** Empty when no complete answer came. */
    errcode: text().notNull(),
    count: integer().notNull(),
    sumMs: integer('sum_ms').notNull(),
    maxMs: integer('max_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.appId, table.api, table.errcode] })],
)

/** What administrators noted about a user. Deleted with the user. */
export const personNotes = sqliteTable(
  'person_notes',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The administrator who wrote it; null after the administrator was deleted. */
    adminId: text('operator_id').references(() => users.id, { onDelete: 'set null' }),
    at: integer().notNull(),
    text: text().notNull(),
    /** The user whose note it was before a merge, for the undo. */
    mergedFrom: text('merged_from').references(() => users.id, { onDelete: 'set null' }),
  },
  (table) => [
    index('person_notes_user').on(table.userId, table.at, table.id),
    index('person_notes_operator').on(table.adminId).where(sql`operator_id is not null`),
    index('person_notes_merged_from').on(table.mergedFrom).where(sql`merged_from is not null`),
  ],
)
