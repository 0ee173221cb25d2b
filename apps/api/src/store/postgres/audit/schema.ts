import { sql } from 'drizzle-orm'
import { index, pgTable, smallint } from 'drizzle-orm/pg-core'
import { bytes, text, whole } from '../columns.ts'
import { users } from '../schema.ts'

/** The tables of the audit log. Times are in ms since the epoch. */

export const auditEvents = pgTable(
  'audit_events',
  {
    /** The place in the chain, without gaps. */
    id: whole('id').primaryKey(),
    at: whole('at').notNull(),
    action: text('action').notNull(),
    outcome: text('outcome').notNull(),
    /** A pseudonym of `audit_subjects`, as is `adminId`. */
    userId: text('user_id'),
    /** The administrator who acted; null when the user did. */
    adminId: text('operator_id'),
    appId: text('app_id'),
    address: text('address'),
    device: text('device'),
    /** 1 for an action that only reads, so that each kind has pages of its own. */
    isRead: smallint('is_read').notNull().default(0),
    /** How many calls the line stands for. */
    count: whole('count').notNull().default(1),
    /** Over the line and the one before; null for a line of an earlier version. */
    mac: bytes('mac'),
  },
  (table) => [
    // Each ends with the id, which SQLite adds to an index by itself: pages are in the order of both.
    index('audit_events_user').on(table.userId, table.isRead, table.at, table.id),
    index('audit_events_at').on(table.isRead, table.at, table.id),
    index('audit_events_operator')
      .on(table.adminId, table.isRead, table.at, table.id)
      .where(sql`operator_id is not null`),
    // Nearly all lines are successful sign-ins: these two indexes omit them, and they are found by their time.
    index('audit_events_action')
      .on(table.action, table.at, table.id)
      .where(sql`action <> 'sign_in'`),
    index('audit_events_outcome')
      .on(table.outcome, table.isRead, table.at, table.id)
      .where(sql`outcome <> 'ok'`),
  ],
)

/** Under which pseudonym the audit log has a user. Nothing else links the two. */
export const auditSubjects = pgTable('audit_subjects', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  pseudonym: text('pseudonym').notNull().unique(),
  /** Over both, under the key of the chain: a line cannot be given to another user. */
  mac: bytes('mac'),
})

/**
 * The pseudonyms of users who were removed a moment ago, for the lines of calls that are in flight on any node. Rows are
 * deleted after ten minutes.
 */
export const auditRemovedSubjects = pgTable(
  'audit_removed_subjects',
  {
    userId: text('user_id').primaryKey(),
    pseudonym: text('pseudonym').notNull(),
    expiresAt: whole('expires_at').notNull(),
  },
  (table) => [index('audit_removed_subjects_expires_at').on(table.expiresAt)],
)

/**
 * Lines that are not in the chain yet, as JSON: those that a command wrote without SECRET_KEY. A node of the service
 * adds them to the chain within seconds.
 */
export const auditInbox = pgTable('audit_inbox', {
  id: whole('id').primaryKey().generatedByDefaultAsIdentity(),
  event: text('event').notNull(),
})

/** The one chain of the audit log: its key, its oldest and its newest state. See `audit/line-mac.ts`. */
export const auditChain = pgTable('audit_chain', {
  id: whole('id').primaryKey(),
  /** Sealed under SECRET_KEY. */
  sealedKey: text('sealed_key').notNull(),
  unchainedUntil: whole('unchained_until').notNull(),
  anchorId: whole('anchor_id').notNull(),
  anchorState: bytes('anchor_state').notNull(),
  anchorSeal: bytes('anchor_seal').notNull(),
  headId: whole('head_id').notNull(),
  headState: bytes('head_state').notNull(),
})
