import { sql } from 'drizzle-orm'
import { index, pgTable, uniqueIndex } from 'drizzle-orm/pg-core'
import { text, whole } from '../columns.ts'
import { users } from '../schema.ts'

/** The tables of service keys. Times are in ms since the epoch. */

export const serviceKeys = pgTable(
  'service_keys',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    /** Separated by spaces, as in OAuth (RFC 6749 §3.3). */
    scopes: text('scopes').notNull(),
    createdAt: whole('created_at').notNull(),
    /** The administrator; null for a command. The key outlives the administrator. */
    createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
    revokedAt: whole('revoked_at'),
  },
  (table) => [
    uniqueIndex('service_keys_name').on(table.name).where(sql`revoked_at is null`),
    index('service_keys_created_by').on(table.createdBy).where(sql`created_by is not null`),
  ],
)

export const serviceKeySecrets = pgTable(
  'service_key_secrets',
  {
    hash: text('hash').primaryKey(),
    keyId: text('key_id')
      .notNull()
      .references(() => serviceKeys.id, { onDelete: 'cascade' }),
    createdAt: whole('created_at').notNull(),
    /** Until when it is accepted after a rotation. */
    expiresAt: whole('expires_at'),
    lastUsedAt: whole('last_used_at'),
  },
  (table) => [index('service_key_secrets_key').on(table.keyId)],
)
