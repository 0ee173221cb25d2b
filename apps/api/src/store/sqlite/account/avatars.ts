import { createHash } from 'node:crypto'
import type { AvatarStore, Picture } from '@mianmi/core'
import { eq, sql } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { avatars, users } from '../schema.ts'
import { prepareCallers } from '../session/callers.ts'

export interface AvatarStoreWithFind extends AvatarStore {
  /** The picture with the name `HASH.TYPE`, or null. Reads without a transaction. */
  find(name: string): Picture | null
}

/** @param issuer public address of the service; the pictures' addresses start with it */
export function createAvatarStore(database: Database, issuer: string): AvatarStoreWithFind {
  const { orm, write } = database
  const { keep } = prepareAvatars(database)
  const refuse = prepareCallers(database)
  const baseUrl = `${issuer.replace(/\/+$/, '')}/avatars/`
  const setAddress = orm
    .update(users)
    .set({ avatarUrl: sql`${sql.placeholder('avatarUrl')}` })
    .where(eq(users.id, sql.placeholder('userId')))
    .returning()
    .prepare()
  const byHash = orm
    .select({ type: avatars.type, bytes: avatars.bytes })
    .from(avatars)
    .where(eq(avatars.hash, sql.placeholder('hash')))
    .prepare()
  return {
    keep: async (caller, { type, bytes }) => {
      const { userId } = caller
      const hash = avatarHash(userId, bytes)
      return write(() => {
        const refused = refuse(caller)
        if (refused !== null) return refused
        const user = setAddress.get({ userId, avatarUrl: `${baseUrl}${hash}.${type}` })
        keep.run({ userId, hash, type, bytes: Buffer.from(bytes) })
        return user
      })
    },
    find: (name) => {
      const [, hash = '', type] = /^([0-9a-f]{32})\.(\w+)$/.exec(name) ?? []
      const row = hash === '' ? undefined : byHash.get({ hash })
      return row?.type === type ? (row ?? null) : null
    },
  }
}

/** The statements on pictures that other stores use inside their transactions. */
export function prepareAvatars({ orm }: Database) {
  const keep = orm
    .insert(avatars)
    .values({
      userId: sql.placeholder('userId'),
      hash: sql.placeholder('hash'),
      type: sql.placeholder('type'),
      bytes: sql.placeholder('bytes'),
    })
    .onConflictDoUpdate({
      target: avatars.userId,
      set: { hash: sql`excluded.hash`, type: sql`excluded.type`, bytes: sql`excluded.bytes` },
    })
    .prepare()
  const drop = orm
    .delete(avatars)
    .where(eq(avatars.userId, sql.placeholder('userId')))
    .prepare()
  return { keep, drop: (userId: string): void => void drop.run({ userId }) }
}

/**
 * 128 bits that cannot be guessed. The user's id is hashed too, so that equal pictures of two users have different
 * addresses.
 */
const avatarHash = (userId: string, bytes: Uint8Array): string =>
  createHash('sha256').update(`${userId}\n`).update(bytes).digest('hex').slice(0, 32)
