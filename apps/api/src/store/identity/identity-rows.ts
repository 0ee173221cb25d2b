import type { BoundIdentity, Identity, User } from '@mianmi/core'
import { and, eq, isNull, ne, sql } from 'drizzle-orm'
import { toUser, type UserColumns, userColumns } from '../account/user-columns.ts'
import { compile } from '../compile.ts'
import type { Database } from '../database.ts'
import { identities, unionidConflicts, users } from '../schema.ts'

const mine = and(
  eq(identities.appId, sql.placeholder('appId')),
  eq(identities.openid, sql.placeholder('openid')),
)
const ofUserInApp = and(
  eq(identities.userId, sql.placeholder('userId')),
  eq(identities.appId, sql.placeholder('appId')),
)
const sameUnionid = eq(identities.unionid, sql.placeholder('unionid'))
/** What a user who was merged into another still holds proves nothing any more. */
const ownedNow = and(eq(users.id, identities.userId), isNull(users.mergedInto))

/** An identity that somebody has. */
export interface Owned {
  readonly user: User
  readonly unionid: string | null
  readonly keyFingerprint: string
}

type OwnedRow = [...UserColumns, id: string, unionid: string | null, keyFingerprint: string]

/** The statements on identities, prepared once; each to be called inside a transaction. */
export function prepareIdentities(database: Database) {
  return { ...prepareReads(database), ...prepareWrites(database) }
}

function prepareReads({ orm, sqlite }: Database) {
  const owned = compile<OwnedRow>(
    sqlite,
    orm
      .select({
        ...userColumns,
        id: users.id,
        unionid: identities.unionid,
        keyFingerprint: identities.keyFingerprint,
      })
      .from(identities)
      .innerJoin(users, eq(users.id, identities.userId))
      .where(mine),
  )
  const ownersOfUnionid = orm
    .selectDistinct({ userId: identities.userId })
    .from(identities)
    .innerJoin(users, ownedNow)
    .where(sameUnionid)
    .limit(2)
    .prepare()
  const inApp = orm.select().from(identities).where(ofUserInApp).prepare()
  const list = orm
    .select({ appId: identities.appId, boundAt: identities.boundAt })
    .from(identities)
    .where(eq(identities.userId, sql.placeholder('userId')))
    .orderBy(identities.boundAt, identities.appId)
    .prepare()
  return {
    /** Null where nobody has it. */
    find: ({ appId, openid }: Identity): Owned | null => {
      const row = owned.get({ appId, openid })
      return row === undefined ? null : toOwned(row)
    },
    /** The one user whose identity in any app has this unionid; null where there are none or several. */
    ownerOfUnionid: (unionid: string | null): string | null => {
      if (unionid === null) return null
      const owners = ownersOfUnionid.all({ unionid })
      return owners.length === 1 ? (owners[0]?.userId ?? null) : null
    },
    inApp: (userId: string, appId: string) => inApp.get({ userId, appId }) ?? null,
    list: (userId: string): BoundIdentity[] => list.all({ userId }),
  }
}

function toOwned(row: OwnedRow): Owned {
  return { user: toUser(row[7], row), unionid: row[8], keyFingerprint: row[9] }
}

function prepareWrites({ orm, sqlite }: Database) {
  const insert = orm
    .insert(identities)
    .values({
      appId: sql.placeholder('appId'),
      openid: sql.placeholder('openid'),
      unionid: sql.placeholder('unionid'),
      userId: sql.placeholder('userId'),
      boundAt: sql.placeholder('boundAt'),
      sealedKey: sql.placeholder('sealed'),
      keyFingerprint: sql.placeholder('fingerprint'),
    })
    .prepare()
  const keepKey = orm
    .update(identities)
    .set({
      previousKey: identities.sealedKey,
      sealedKey: sql`${sql.placeholder('sealed')}`,
      keyFingerprint: sql`${sql.placeholder('fingerprint')}`,
    })
    .where(mine)
    .prepare()
  const keepUnionid = orm
    .update(identities)
    .set({ unionid: sql`${sql.placeholder('unionid')}` })
    .where(and(mine, isNull(identities.unionid)))
    .prepare()
  const others = compile<[userId: string]>(
    sqlite,
    orm
      .selectDistinct({ userId: identities.userId })
      .from(identities)
      .innerJoin(users, ownedNow)
      .where(and(sameUnionid, ne(identities.userId, sql.placeholder('userId')))),
  )
  const noteConflict = orm
    .insert(unionidConflicts)
    .values({
      unionid: sql.placeholder('unionid'),
      firstUserId: sql.placeholder('first'),
      secondUserId: sql.placeholder('second'),
      detectedAt: sql.placeholder('at'),
    })
    .onConflictDoNothing()
    .prepare()
  const remove = orm.delete(identities).where(ofUserInApp).prepare()
  return {
    insert: (identity: Identity, userId: string, boundAt: number): void => {
      const { sealed, fingerprint } = identity.key
      insert.run({ ...identity, sealed, fingerprint, userId, boundAt })
    },
    /** Keeps what WeChat has just told of a bound identity: perhaps a new key, perhaps a first unionid. */
    renew: ({ appId, openid, unionid, key }: Identity, known: Owned): void => {
      const { fingerprint } = key
      if (fingerprint !== known.keyFingerprint)
        keepKey.run({ appId, openid, sealed: key.sealed, fingerprint })
      if (unionid !== null && known.unionid === null) keepUnionid.run({ appId, openid, unionid })
    },
    /** Writes down whom this unionid proves to be the same person as `userId`. */
    noteConflicts: (unionid: string | null, userId: string, at: number): void => {
      if (unionid === null) return
      for (const [other] of others.all({ unionid, userId })) {
        const [first = '', second = ''] = [userId, other].sort()
        noteConflict.run({ unionid, first, second, at })
      }
    },
    remove: (userId: string, appId: string): void => void remove.run({ userId, appId }),
  }
}
