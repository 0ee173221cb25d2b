import { sql } from 'drizzle-orm'
import { bigint, index, pgTable } from 'drizzle-orm/pg-core'
import { text, whole } from '../columns.ts'
import { users } from '../schema.ts'

/** The tables of webhooks. Times are in ms since the epoch. */

export const webhooks = pgTable(
  'webhooks',
  {
    id: text('id').primaryKey(),
    url: text('url').notNull(),
    /** Separated by spaces. */
    events: text('events').notNull(),
    sealedSecret: text('sealed_secret').notNull(),
    /** The one before the last rotation, while it signs too. */
    previousSecret: text('previous_secret'),
    previousSecretUntil: whole('previous_secret_until'),
    createdAt: whole('created_at').notNull(),
    /** The administrator; null for a command. The webhook outlives the administrator. */
    createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
    disabledAt: whole('disabled_at'),
    /** When it was enabled again; null where it never was. */
    enabledAt: whole('enabled_at'),
    disabledReason: text<'administrator' | 'gone'>('disabled_reason'),
  },
  (table) => [index('webhooks_created_by').on(table.createdBy).where(sql`created_by is not null`)],
)

/**
 * The events of one transaction, until they are fanned out: written by each change of a user, so it has no index but its key,
 * and nothing of the webhooks that ask for them. A lower id may become visible after a higher one, never of the same user.
 */
export const webhookOutbox = pgTable('webhook_outbox', {
  /** The order of the events of one user: they are written while the rows are locked that the verbs rest on. */
  id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
  at: whole('at').notNull(),
  /** As JSON. */
  events: text('events').notNull(),
  /** The external ids and roles of their users at that time, as JSON. */
  users: text('users'),
})

/**
 * One event for one webhook, until it is delivered. It refers to webhooks and users without foreign keys: these would lock
 * their rows, out of order, for what is written last in a transaction.
 */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    /** The order of the events of one person: they are written while the rows are locked that the verbs rest on. */
    seq: bigint('seq', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    eventId: text('event_id').notNull(),
    webhookId: text('webhook_id').notNull(),
    type: text('type').notNull(),
    /** In whose order it is sent. */
    personId: text('person_id').notNull(),
    /** The other user of a merge, otherwise the same; null for a test. */
    userId: text('user_id'),
    occurredAt: whole('occurred_at').notNull(),
    body: text('body').notNull(),
    dueAt: whole('due_at').notNull(),
    /** Since the event, or since a replay. */
    pendingSince: whole('pending_since').notNull(),
    attempts: whole('attempts').notNull().default(0),
    error: text('error'),
    /** The claim that is sending it, and until when. */
    lease: text('lease'),
    leaseUntil: whole('lease_until'),
    /** When it was given up; null while it is pending. */
    deadAt: whole('dead_at'),
  },
  (table) => [
    index('webhook_deliveries_due')
      .on(table.webhookId, table.dueAt, table.seq)
      .where(sql`dead_at is null`),
    index('webhook_deliveries_pending')
      .on(table.webhookId, table.pendingSince)
      .where(sql`dead_at is null`),
    index('webhook_deliveries_person').on(table.personId, table.webhookId, table.seq),
    index('webhook_deliveries_user').on(table.userId).where(sql`user_id <> person_id`),
    index('webhook_deliveries_dead').on(table.deadAt, table.seq).where(sql`dead_at is not null`),
  ],
)
