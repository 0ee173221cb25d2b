import { sql } from 'drizzle-orm'
import {
  type AnySQLiteColumn,
  blob,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'
import { isImportedHash } from '../account/imported-hash.ts'

/**
 * Times are in ms since the epoch. `users`, `sessions`, `limits` and `audit_subjects` are WITHOUT ROWID, which Drizzle
 * cannot express: see `migrations/sqlite/0004_found_by_key.sql`.
 */

export const users = sqliteTable(
  'users',
  {
    id: text().primaryKey(),
    account: text(),
    accountKey: text('account_key').unique(),
    passwordHash: text('password_hash'),
    /** Masked for display. `sealedPhone` is the number itself, and `phoneKey` a keyed fingerprint to find it by. */
    phone: text(),
    phoneKey: text('phone_key').unique(),
    sealedPhone: text('sealed_phone'),
    /** When WeChat last proved that the number is the user's; for a number of an earlier version, when the user was created. */
    phoneProvenAt: integer('phone_proven_at'),
    nickname: text(),
    avatarUrl: text('avatar_url'),
    /** The id that the user has in the team's own system. */
    externalId: text('external_id').unique(),
    role: text({ enum: ['user', 'admin'] })
      .notNull()
      .default('user'),
    disabledAt: integer('disabled_at'),
    createdAt: integer('created_at').notNull(),
    /** The user that an administrator merged this one into. The row is kept until `mergedUntil` for an undo. */
    mergedInto: text('merged_into').references((): AnySQLiteColumn => users.id, {
      onDelete: 'cascade',
    }),
    mergedUntil: integer('merged_until'),
  },
  (table) => [
    index('users_created').on(table.createdAt, table.id),
    index('users_disabled').on(table.createdAt, table.id).where(sql`disabled_at is not null`),
    index('users_admins').on(table.createdAt, table.id).where(sql`role = 'admin'`),
    index('users_phone_end')
      .on(sql`substr(phone, -4)`, table.createdAt, table.id)
      .where(sql`phone is not null`),
    index('users_imported_hash').on(table.passwordHash).where(sql.raw(isImportedHash)),
    index('users_merged_into').on(table.mergedInto).where(sql`merged_into is not null`),
    index('users_merged_until').on(table.mergedUntil).where(sql`merged_until is not null`),
  ],
)

/**
 * Each end of each nickname, with its letters a to z in lower case, to find a user by any part of the nickname: a part is
 * the beginning of an end. Triggers on `users` keep it; see the migration `nickname_parts`. WITHOUT ROWID.
 */
export const nicknameSuffixes = sqliteTable(
  'nickname_suffixes',
  { suffix: text().notNull(), userId: text('user_id').notNull() },
  (table) => [primaryKey({ columns: [table.suffix, table.userId] })],
)

/** How far the nicknames of an earlier version have been filled in: users up to this id are. No row: all are. */
export const nicknameFill = sqliteTable('nickname_fill', {
  filledUntil: text('filled_until').primaryKey(),
})

/** Uploaded avatars. An avatar at another address has no row. */
export const avatars = sqliteTable('avatars', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** Hash of the user's id and the bytes; the name in the avatar's address. */
  hash: text().notNull().unique(),
  type: text({ enum: ['jpg', 'png', 'webp'] }).notNull(),
  bytes: blob({ mode: 'buffer' }).notNull(),
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
    /** How it was bound; `unknown` for a binding of an earlier version. */
    boundBy: text('bound_by', {
      enum: ['register', 'password', 'phone', 'unionid', 'admin', 'unknown'],
    })
      .notNull()
      .default('unknown'),
    /** The User-Agent of the call that bound it. */
    device: text(),
    /** Of the sessions that ended; a trigger on `sessions` keeps it. */
    lastSeenAt: integer('last_seen_at').notNull().default(0),
    /**
     * Sealed session keys, the newest and the previous one: data may have been encrypted just before the newest was
     * issued. An imported identity has none until it signs in.
     */
    sealedKey: text('sealed_key'),
    keyFingerprint: text('key_fingerprint'),
    previousKey: text('previous_key'),
    /** The unionid before, where WeChat returned another since. */
    previousUnionid: text('previous_unionid'),
  },
  (table) => [
    primaryKey({ columns: [table.appId, table.openid] }),
    uniqueIndex('identities_user_app').on(table.userId, table.appId),
    index('identities_unionid').on(table.unionid),
    index('identities_app').on(table.appId, table.boundAt, table.userId),
  ],
)

/**
 * Identities that were unbound from a user. Neither they nor another identity of their unionid are bound to this user
 * silently, until one is bound again by a proof of its own.
 */
export const unbindings = sqliteTable(
  'unbindings',
  {
    appId: text('app_id').notNull(),
    openid: text().notNull(),
    unionid: text(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    unboundAt: integer('unbound_at').notNull(),
    /** The unionid before, where WeChat returned another since. */
    previousUnionid: text('previous_unionid'),
  },
  (table) => [
    primaryKey({ columns: [table.appId, table.openid, table.userId] }),
    index('unbindings_user').on(table.userId),
    index('unbindings_unionid').on(table.unionid).where(sql`unionid is not null`),
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
    /** In the MAC of the refresh tokens from generation `secretSince` on; null for a session of an earlier version. */
    secret: text(),
    secretSince: integer('secret_since').notNull().default(0),
    /** What a refresh depends on: see `Rotation` in core. */
    variants: integer().notNull().default(1),
    parentVariant: integer('parent_variant').notNull().default(0),
    grandparentVariant: integer('grandparent_variant').notNull().default(0),
    repeatedIn: integer('repeated_in'),
    forgivenIn: integer('forgiven_in'),
  },
  (table) => [
    index('sessions_user').on(table.userId),
    index('sessions_expires_at').on(table.expiresAt),
  ],
)

export const tickets = sqliteTable(
  'tickets',
  {
    /** Grows with each ticket, whatever the clock says. */
    issueOrder: integer('issue_order').primaryKey(),
    hash: text().notNull().unique(),
    appId: text('app_id').notNull(),
    openid: text().notNull(),
    unionid: text(),
    sealedKey: text('sealed_key').notNull(),
    keyFingerprint: text('key_fingerprint').notNull(),
    expiresAt: integer('expires_at').notNull(),
    tries: integer().notNull().default(0),
    /** Set together when the ticket is used. The row is kept for a moment for a client that lost the reply. */
    usedAt: integer('used_at'),
    usedBy: text('used_by'),
    usedProof: text('used_proof'),
  },
  (table) => [
    index('tickets_expires_at').on(table.expiresAt),
    index('tickets_identity').on(table.appId, table.openid),
  ],
)

export const limits = sqliteTable(
  'limits',
  {
    /** A hash, because the subject may be an account name or an address. */
    key: text().primaryKey(),
    count: integer().notNull(),
    endsAt: integer('ends_at').notNull(),
  },
  (table) => [index('limits_ends_at').on(table.endsAt)],
)

/** The one observation of the clock. See `observed-clock.ts`. */
export const observedTime = sqliteTable('observed_time', {
  id: integer().primaryKey(),
  /** In ms since the epoch. */
  at: integer().notNull(),
})

/** Two users whom a unionid proves to be the same person; an administrator decides about them. */
export const unionidConflicts = sqliteTable(
  'unionid_conflicts',
  {
    unionid: text().notNull(),
    firstUserId: text('first_user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    secondUserId: text('second_user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    detectedAt: integer('detected_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.unionid, table.firstUserId, table.secondUserId] }),
    index('unionid_conflicts_second').on(table.secondUserId),
    index('unionid_conflicts_first').on(table.firstUserId),
    index('unionid_conflicts_detected_at').on(table.detectedAt),
  ],
)

/** The merges, with the data that an undo needs. A row is deleted with either of its users. */
export const merges = sqliteTable(
  'merges',
  {
    id: text().primaryKey(),
    keptUserId: text('kept_user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    goneUserId: text('gone_user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The names of the two users at that time. */
    keptName: text('kept_name'),
    goneName: text('gone_name'),
    adminId: text('operator_id').notNull(),
    mergedAt: integer('merged_at').notNull(),
    undoUntil: integer('undo_until').notNull(),
    undoneAt: integer('undone_at'),
    /** The moved data as JSON; emptied by the undo. */
    moved: text().notNull(),
  },
  (table) => [
    index('merges_kept').on(table.keptUserId),
    index('merges_gone').on(table.goneUserId),
    index('merges_merged_at').on(table.mergedAt),
  ],
)

export const signingKeys = sqliteTable('signing_keys', {
  kid: text().primaryKey(),
  /** The key of SECRET_KEY that this one signs for; the first one signs. Any of them may have sealed it. */
  rootId: text('root_id').notNull().unique(),
  sealedPrivateJwk: text('sealed_private_jwk').notNull(),
  createdAt: integer('created_at').notNull(),
  /** When its key of SECRET_KEY was replaced. It verifies for the lifetime of an access token after that. */
  retiredAt: integer('retired_at'),
})

/** The keys of SECRET_KEY that something here is sealed or stored under. */
export const rootKeys = sqliteTable('root_keys', {
  /** Identifies the key and reveals nothing about it. */
  id: text().primaryKey(),
  firstUsedAt: integer('first_used_at').notNull(),
})

/**
 * Derived keys of former keys of SECRET_KEY, sealed. They verify what cannot be made again under the new key, because
 * the database does not have it: refresh tokens and recovery codes.
 */
export const retiredMacKeys = sqliteTable(
  'retired_mac_keys',
  {
    rootId: text('root_id').notNull(),
    purpose: text({ enum: ['refresh token', 'recovery code'] }).notNull(),
    sealedKey: text('sealed_key').notNull(),
    retiredAt: integer('retired_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.rootId, table.purpose] })],
)
