import { eq, sql } from 'drizzle-orm'
import type { AvatarStoreWithFind } from '../../account/avatar-finder.ts'
import { avatarAddress, avatarHash, readAvatarName } from '../../account/avatar-name.ts'
import type { Database } from '../database.ts'
import { avatars, users } from '../schema.ts'
import { prepareCallers } from '../session/callers.ts'
import { prepareOutbox } from '../webhooks/outbox.ts'

/** @param issuer public address of the service; the pictures' addresses start with it */
export function createAvatarStore(database: Database, issuer: string): AvatarStoreWithFind {
  const { orm, write } = database
  const { keep } = prepareAvatars(database)
  const { emitUpdate } = prepareOutbox(database)
  const address = database.sqlite
    .prepare<[string], string | null>('select avatar_url from users where id = ?')
    .pluck()
  const refuse = prepareCallers(database)
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
        const avatarUrl = avatarAddress(issuer, { hash, type })
        emitUpdate(userId, { avatarUrl: address.get(userId) ?? null }, { avatarUrl })
        const user = setAddress.get({ userId, avatarUrl })
        keep.run({ userId, hash, type, bytes: Buffer.from(bytes) })
        return user
      })
    },
    find: async (name) => {
      const named = readAvatarName(name)
      const row = named === null ? undefined : byHash.get({ hash: named.hash })
      return row?.type === named?.type ? (row ?? null) : null
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
