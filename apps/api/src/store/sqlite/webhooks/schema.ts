import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../schema.ts'

/** The tables of webhooks. Times are in ms since the epoch. */

export const webhooks = sqliteTable(
  'webhooks',
  {
    id: text().primaryKey(),
    url: text().notNull(),
    /** Separated by spaces. */
    events: text().notNull(),
    sealedSecret: text('sealed_secret').notNull(),
    /** The one before the last rotation, while it signs too. */
    previousSecret: text('previous_secret'),
    previousSecretUntil: integer('previous_secret_until'),
    createdAt: integer('created_at').notNull(),
    /** The administrator; null for a command. The webhook outlives the administrator. */
    createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
    disabledAt: integer('disabled_at'),
    /** When it was enabled again; null where it never was. */
    enabledAt: integer('enabled_at'),
    disabledReason: text('disabled_reason', { enum: ['administrator', 'gone'] }),
  },
  (table) => [index('webhooks_created_by').on(table.createdBy).where(sql`created_by is not null`)],
)

/**
 * The events of one transaction, until they are fanned out: written by each change of a user, so it has no index but its key,
 * and nothing of the webhooks that ask for them.
 */
export const webhookOutbox = sqliteTable('webhook_outbox', {
  /** The order of the events. */
  id: integer().primaryKey(),
  at: integer().notNull(),
  /** As JSON. */
  events: text().notNull(),
  /** The external ids and roles of their users at that time, as JSON. */
  users: text(),
})

/**
 * One event for one webhook, until it is delivered. It refers to webhooks and users without foreign keys: what is sent of a
 * deleted user outlives the user, and a removed webhook must not wait for an event that is being written.
 */
export const webhookDeliveries = sqliteTable(
  'webhook_deliveries',
  {
    /** The order of the events of one person. */
    seq: integer().primaryKey(),
    eventId: text('event_id').notNull(),
    webhookId: text('webhook_id').notNull(),
    type: text().notNull(),
    /** In whose order it is sent. */
    personId: text('person_id').notNull(),
    /** The other user of a merge, otherwise the same; null for a test. */
    userId: text('user_id'),
    occurredAt: integer('occurred_at').notNull(),
    body: text().notNull(),
    dueAt: integer('due_at').notNull(),
    /** Since the event, or since a replay. */
    pendingSince: integer('pending_since').notNull(),
    attempts: integer().notNull().default(0),
    error: text(),
    /** The claim that is sending it, and until when. */
    lease: text(),
    leaseUntil: integer('lease_until'),
    /** When it was given up; null while it is pending. */
    deadAt: integer('dead_at'),
  },
  (table) => [
    index('webhook_deliveries_due').on(table.webhookId, table.dueAt).where(sql`dead_at is null`),
    index('webhook_deliveries_pending')
      .on(table.webhookId, table.pendingSince)
      .where(sql`dead_at is null`),
    index('webhook_deliveries_person').on(table.personId, table.webhookId, table.seq),
    index('webhook_deliveries_user').on(table.userId).where(sql`user_id <> person_id`),
    index('webhook_deliveries_dead').on(table.deadAt, table.seq).where(sql`dead_at is not null`),
  ],
)
