import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  check,
  index,
  pgTable,
  primaryKey,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { isImportedHash } from '../account/imported-hash.ts'
import { bytes, text, whole } from './columns.ts'

/**
 * The tables of the store; `admin/schema.ts` and `audit/schema.ts` have the others. They are those of SQLite with the
 * same names and columns, except for what `test/store/same-schema.test.ts` lists. Drizzle makes the migrations from
 * them; the statements of the store are plain SQL. Times are in ms since the epoch.
 */

export const users = pgTable(
  'users',
  {
    id: text('id').primaryKey(),
    account: text('account'),
    accountKey: text('account_key').unique(),
    passwordHash: text('password_hash'),
    /** Masked for display. `sealedPhone` is the number itself, and `phoneKey` a keyed fingerprint to find it by. */
    phone: text('phone'),
    phoneKey: text('phone_key').unique(),
    sealedPhone: text('sealed_phone'),
    /** When WeChat last proved that the number is the user's. */
    phoneProvenAt: whole('phone_proven_at'),
    nickname: text('nickname'),
    avatarUrl: text('avatar_url'),
    /** The id that the user has in the team's own system. */
    externalId: text('external_id').unique(),
    role: text<'user' | 'admin'>('role').notNull().default('user'),
    disabledAt: whole('disabled_at'),
    createdAt: whole('created_at').notNull(),
    /** The user that an administrator merged this one into. The row is kept until `mergedUntil` for an undo. */
    mergedInto: text('merged_into').references((): AnyPgColumn => users.id, {
      onDelete: 'cascade',
    }),
    mergedUntil: whole('merged_until'),
  },
  (table) => [
    index('users_created').on(table.createdAt, table.id),
    index('users_disabled').on(table.createdAt, table.id).where(sql`disabled_at is not null`),
    index('users_admins').on(table.createdAt, table.id).where(sql`role = 'admin'`),
    // Of the version before, whose nodes may still run beside this one.
    index('users_nickname').on(sql`lower(nickname)`, table.id).where(sql`nickname is not null`),
    index('users_phone_end')
      .on(sql`right(phone, 4)`, table.createdAt, table.id)
      .where(sql`phone is not null`),
    index('users_imported_hash').on(table.passwordHash).where(sql.raw(isImportedHash)),
    index('users_merged_into').on(table.mergedInto).where(sql`merged_into is not null`),
    index('users_merged_until').on(table.mergedUntil).where(sql`merged_until is not null`),
  ],
)

/**
 * Each end of each nickname, with its letters a to z in lower case, to find a user by any part of the nickname: a part is
 * the beginning of an end. Triggers on `users` keep it, also for nodes of an earlier version; see the migration
 * `nickname_parts`.
 */
export const nicknameSuffixes = pgTable(
  'nickname_suffixes',
  { suffix: text('suffix').notNull(), userId: text('user_id').notNull() },
  (table) => [primaryKey({ columns: [table.suffix, table.userId] })],
)

/** How far the nicknames of an earlier version have been filled in: users up to this id are. No row: all are. */
export const nicknameFill = pgTable('nickname_fill', {
  filledUntil: text('filled_until').primaryKey(),
})

/** The key of a user to whom the row belongs and with whom it is deleted. */
const userId = () =>
  text('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' })

/** Uploaded avatars. An avatar at another address has no row. */
export const avatars = pgTable('avatars', {
  userId: userId().primaryKey(),
  /** Hash of the user's id and the bytes; the name in the avatar's address. */
  hash: text('hash').notNull().unique(),
  type: text<'jpg' | 'png' | 'webp'>('type').notNull(),
  bytes: bytes('bytes').notNull(),
})

export const identities = pgTable(
  'identities',
  {
    appId: text('app_id').notNull(),
    openid: text('openid').notNull(),
    unionid: text('unionid'),
    userId: userId(),
    boundAt: whole('bound_at').notNull(),
    /** How it was bound. */
    boundBy: text<'register' | 'password' | 'phone' | 'unionid' | 'admin' | 'unknown'>('bound_by')
      .notNull()
      .default('unknown'),
    /** The User-Agent of the call that bound it. */
    device: text('device'),
    /** Of the sessions that ended; a trigger on `sessions` keeps it. See `migrations/postgres/0001_sessions_last_seen.sql`. */
    lastSeenAt: whole('last_seen_at').notNull().default(0),
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
    check('identities_key', sql`(sealed_key is null) = (key_fingerprint is null)`),
    index('identities_unionid').on(table.unionid),
    index('identities_app').on(table.appId, table.boundAt, table.userId),
  ],
)

/**
 * Identities that were unbound from a user. Neither they nor another identity of their unionid are bound to this user
 * silently, until one is bound again by a proof of its own.
 */
export const unbindings = pgTable(
  'unbindings',
  {
    appId: text('app_id').notNull(),
    openid: text('openid').notNull(),
    unionid: text('unionid'),
    userId: userId(),
    unboundAt: whole('unbound_at').notNull(),
    /** The unionid before, where WeChat returned another since. */
    previousUnionid: text('previous_unionid'),
  },
  (table) => [
    primaryKey({ columns: [table.appId, table.openid, table.userId] }),
    index('unbindings_user').on(table.userId),
    index('unbindings_unionid').on(table.unionid).where(sql`unionid is not null`),
  ],
)

export const sessions = pgTable(
  'sessions',
  {
    id: text('id').primaryKey(),
    userId: userId(),
    appId: text('app_id').notNull(),
    device: text('device'),
    createdAt: whole('created_at').notNull(),
    lastSeenAt: whole('last_seen_at').notNull(),
    expiresAt: whole('expires_at').notNull(),
    counter: whole('counter').notNull().default(0),
    rotatedAt: whole('rotated_at').notNull(),
    /** In the MAC of the refresh tokens from generation `secretSince` on; null for a session of an earlier version. */
    secret: text('secret'),
    secretSince: whole('secret_since').notNull().default(0),
    /** What a refresh depends on: see `Rotation` in core. */
    variants: whole('variants').notNull().default(1),
    parentVariant: whole('parent_variant').notNull().default(0),
    grandparentVariant: whole('grandparent_variant').notNull().default(0),
    repeatedIn: whole('repeated_in'),
    forgivenIn: whole('forgiven_in'),
  },
  (table) => [
    index('sessions_user').on(table.userId),
    index('sessions_expires_at').on(table.expiresAt),
  ],
)

export const tickets = pgTable(
  'tickets',
  {
    /** Grows with each ticket, whatever the clock says. */
    issueOrder: whole('issue_order').primaryKey().generatedByDefaultAsIdentity(),
    hash: text('hash').notNull().unique(),
    appId: text('app_id').notNull(),
    openid: text('openid').notNull(),
    unionid: text('unionid'),
    sealedKey: text('sealed_key').notNull(),
    keyFingerprint: text('key_fingerprint').notNull(),
    expiresAt: whole('expires_at').notNull(),
    tries: whole('tries').notNull().default(0),
    /** Set together when the ticket is used. The row is kept for a moment for a client that lost the reply. */
    usedAt: whole('used_at'),
    usedBy: text('used_by'),
    usedProof: text('used_proof'),
  },
  (table) => [
    index('tickets_expires_at').on(table.expiresAt),
    index('tickets_identity').on(table.appId, table.openid),
  ],
)

export const limits = pgTable(
  'limits',
  {
    /** A hash, because the subject may be an account name or an address. */
    key: text('key').primaryKey(),
    count: whole('count').notNull(),
    endsAt: whole('ends_at').notNull(),
  },
  (table) => [index('limits_ends_at').on(table.endsAt)],
)

/** Login codes that were sent to WeChat, each of which any node sends once. */
export const codes = pgTable(
  'codes',
  { hash: text('hash').primaryKey(), expiresAt: whole('expires_at').notNull() },
  (table) => [index('codes_expires_at').on(table.expiresAt)],
)

/**
 * Names that serialise what has no row to lock. A transaction inserts its name first and deletes it at its end, so
 * the table is empty whenever nothing runs.
 */
export const locks = pgTable('locks', { name: text('name').primaryKey() })

/** The one observation of the clock. */
export const observedTime = pgTable('observed_time', {
  id: whole('id').primaryKey(),
  at: whole('at').notNull(),
})

/** Two users whom a unionid proves to be the same person; an administrator decides about them. */
export const unionidConflicts = pgTable(
  'unionid_conflicts',
  {
    unionid: text('unionid').notNull(),
    firstUserId: text('first_user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    secondUserId: text('second_user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    detectedAt: whole('detected_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.unionid, table.firstUserId, table.secondUserId] }),
    index('unionid_conflicts_second').on(table.secondUserId),
    index('unionid_conflicts_first').on(table.firstUserId),
    index('unionid_conflicts_detected_at').on(table.detectedAt),
  ],
)

/** The merges, with the data that an undo needs. A row is deleted with either of its users. */
export const merges = pgTable(
  'merges',
  {
    id: text('id').primaryKey(),
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
    mergedAt: whole('merged_at').notNull(),
    undoUntil: whole('undo_until').notNull(),
    undoneAt: whole('undone_at'),
    /** The moved data as JSON; emptied by the undo. */
    moved: text('moved').notNull(),
  },
  (table) => [
    index('merges_kept').on(table.keptUserId),
    index('merges_gone').on(table.goneUserId),
    index('merges_merged_at').on(table.mergedAt),
  ],
)

export const signingKeys = pgTable('signing_keys', {
  kid: text('kid').primaryKey(),
  /** The key of SECRET_KEY that this one signs for; the first one signs. Any of them may have sealed it. */
  rootId: text('root_id').notNull().unique(),
  sealedPrivateJwk: text('sealed_private_jwk').notNull(),
  createdAt: whole('created_at').notNull(),
  /** When its key of SECRET_KEY was replaced. It verifies for the lifetime of an access token after that. */
  retiredAt: whole('retired_at'),
})

/** The keys of SECRET_KEY that something here is sealed or stored under. */
export const rootKeys = pgTable('root_keys', {
  /** Identifies the key and reveals nothing about it. */
  id: text('id').primaryKey(),
  firstUsedAt: whole('first_used_at').notNull(),
})

/**
 * Derived keys of former keys of SECRET_KEY, sealed. They verify what cannot be made again under the new key, because
 * the database does not have it: refresh tokens and recovery codes.
 */
export const retiredMacKeys = pgTable(
  'retired_mac_keys',
  {
    rootId: text('root_id').notNull(),
    purpose: text<'refresh token' | 'recovery code'>('purpose').notNull(),
    sealedKey: text('sealed_key').notNull(),
    retiredAt: whole('retired_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.rootId, table.purpose] })],
)
