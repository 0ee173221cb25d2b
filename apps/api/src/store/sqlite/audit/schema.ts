import { sql } from 'drizzle-orm'
import { blob, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../schema.ts'

/** The tables of the audit log. Times are in ms since the epoch. */

export const auditEvents = sqliteTable(
  'audit_events',
  {
    id: integer().primaryKey(),
    at: integer().notNull(),
    action: text().notNull(),
    outcome: text().notNull(),
    /** A pseudonym of `audit_subjects`, as is `adminId`. */
    userId: text('user_id'),
    /** The administrator who acted; null when the user did. */
    adminId: text('operator_id'),
    appId: text('app_id'),
    address: text(),
    device: text(),
    /** 1 for an action that only reads, so that each kind has pages of its own. */
    isRead: integer('is_read').notNull().default(0),
    /** How many calls the line stands for. */
    count: integer().notNull().default(1),
    /** Over the line and the one before; null for a line of an earlier version. */
    mac: blob({ mode: 'buffer' }),
  },
  (table) => [
    index('audit_events_user').on(table.userId, table.isRead, table.at),
    index('audit_events_at').on(table.isRead, table.at),
    index('audit_events_operator')
      .on(table.adminId, table.isRead, table.at)
      .where(sql`operator_id is not null`),
    // Nearly all lines are successful sign-ins: these two indexes omit them, and they are found by their time.
    index('audit_events_action').on(table.action, table.at).where(sql`action <> 'sign_in'`),
    index('audit_events_outcome')
      .on(table.outcome, table.isRead, table.at)
      .where(sql`outcome <> 'ok'`),
  ],
)

/** Under which pseudonym the audit log has a user. Nothing else links the two. */
export const auditSubjects = sqliteTable('audit_subjects', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  pseudonym: text().notNull().unique(),
  /** Over both, under the key of the chain: a line cannot be given to another user. */
  mac: blob({ mode: 'buffer' }),
})

/**
 * Lines that a command wrote without SECRET_KEY, as JSON. The service adds them to the chain, within seconds or at its
 * next start.
 */
export const auditInbox = sqliteTable('audit_inbox', {
  id: integer().primaryKey(),
  event: text().notNull(),
})

/** The one chain of the audit log: its key, its oldest and its newest state. See `audit/line-mac.ts`. */
export const auditChain = sqliteTable('audit_chain', {
  id: integer().primaryKey(),
  /** Sealed under SECRET_KEY. */
  sealedKey: text('sealed_key').notNull(),
  unchainedUntil: integer('unchained_until').notNull(),
  anchorId: integer('anchor_id').notNull(),
  anchorState: blob('anchor_state', { mode: 'buffer' }).notNull(),
  anchorSeal: blob('anchor_seal', { mode: 'buffer' }).notNull(),
  headId: integer('head_id').notNull(),
  headState: blob('head_state', { mode: 'buffer' }).notNull(),
})
