import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Times are milliseconds since the epoch. */

export const users = sqliteTable('users', {
  id: text().primaryKey(),
  account: text(),
  accountKey: text('account_key').unique(),
  passwordHash: text('password_hash'),
  phone: text().unique(),
  nickname: text(),
  avatarUrl: text('avatar_url'),
  role: text({ enum: ['user', 'admin'] })
    .notNull()
    .default('user'),
  disabledAt: integer('disabled_at'),
  createdAt: integer('created_at').notNull(),
})

export const identities = sqliteTable(
  'identities',
  {
    appId: text('app_id').notNull(),
    openid: text().notNull(),
    unionid: text(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    boundAt: integer('bound_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.appId, table.openid] }),
    uniqueIndex('identities_user_app').on(table.userId, table.appId),
    index('identities_unionid').on(table.unionid),
  ],
)

export const sessions = sqliteTable(
  'sessions',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    appId: text('app_id').notNull(),
    device: text(),
    createdAt: integer('created_at').notNull(),
    lastSeenAt: integer('last_seen_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    counter: integer().notNull().default(0),
    rotatedAt: integer('rotated_at').notNull(),
  },
  (table) => [
    index('sessions_user').on(table.userId),
    index('sessions_expires_at').on(table.expiresAt),
  ],
)

export const tickets = sqliteTable(
  'tickets',
  {
    hash: text().primaryKey(),
    appId: text('app_id').notNull(),
    openid: text().notNull(),
    unionid: text(),
    expiresAt: integer('expires_at').notNull(),
    tries: integer().notNull().default(0),
  },
  (table) => [index('tickets_expires_at').on(table.expiresAt)],
)

export const signingKeys = sqliteTable('signing_keys', {
  kid: text().primaryKey(),
  /** Which SECRET_KEY sealed the private half; a key of another one is left alone. */
  rootId: text('root_id').notNull().unique(),
  sealedPrivateJwk: text('sealed_private_jwk').notNull(),
  createdAt: integer('created_at').notNull(),
})
