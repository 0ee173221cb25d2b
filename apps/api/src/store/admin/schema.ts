import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../schema.ts'

/** What only the console needs. Times are milliseconds since the epoch. */

export const adminSessions = sqliteTable(
  'operator_sessions',
  {
    /** Of the token in the cookie. */
    hash: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    factor: text('stage', { enum: ['first', 'full'] }).notNull(),
    createdAt: integer('created_at').notNull(),
    lastSeenAt: integer('last_seen_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    /** Tells whether the password is still the one that was proved. */
    passwordFingerprint: text('password_mark').notNull(),
    /** Sealed, of an authenticator app that has yet to prove itself. */
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
  /** The time step of the newest code that was used; no code up to it counts again. */
  lastStep: integer('last_step').notNull(),
})

/** Those that are left; a used one is gone. */
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

/** What the audit log wrote, counted as it was written. Days count from the epoch, in UTC+8. */
export const dailyCounts = sqliteTable(
  'daily_counts',
  {
    day: integer().notNull(),
    action: text().notNull(),
    /** As in the audit log; `new_user` where a sign-in that went well made a user. */
    outcome: text().notNull(),
    /** Empty where it was in no app, or in one that is not configured. */
    appId: text('app_id').notNull(),
    count: integer().notNull(),
    lastAt: integer('last_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.action, table.outcome, table.appId] })],
)

/** WeChat's answers. Days count from the epoch, in UTC+8. */
export const wechatCounts = sqliteTable(
  'wechat_counts',
  {
    day: integer().notNull(),
    appId: text('app_id').notNull(),
    api: text().notNull(),
    /** Empty where no whole answer came. */
    errcode: text().notNull(),
    count: integer().notNull(),
    sumMs: integer('sum_ms').notNull(),
    maxMs: integer('max_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.appId, table.api, table.errcode] })],
)
