import type { BoundIdentity, Identity, User } from '@mianmi/core'
import { and, eq, isNull, ne, sql } from 'drizzle-orm'
import { toUser, type UserColumns, userColumns } from '../account/user-columns.ts'
import { compileStatement } from '../compile-statement.ts'
import type { Database } from '../database.ts'
import { identities, unionidConflicts, users } from '../schema.ts'

const isIdentity = and(
  eq(identities.appId, sql.placeholder('appId')),
  eq(identities.openid, sql.placeholder('openid')),
)
const ofUserInApp = and(
  eq(identities.userId, sql.placeholder('userId')),
  eq(identities.appId, sql.placeholder('appId')),
)
const sameUnionid = eq(identities.unionid, sql.placeholder('unionid'))
/** An identity that a merged user still has proves nothing any more. */
const isActiveOwner = and(eq(users.id, identities.userId), isNull(users.mergedInto))

/** A bound identity and its owner. */
export interface OwnedIdentity {
  readonly user: User
  readonly unionid: string | null
  readonly keyFingerprint: string
}

type OwnedRow = [...UserColumns, id: string, unionid: string | null, keyFingerprint: string]

/** The statements on identities. Call them inside a transaction. */
export function prepareIdentities(database: Database) {
  return { ...prepareReads(database), ...prepareWrites(database) }
}

function prepareReads({ orm, sqlite }: Database) {
  const owned = compileStatement<OwnedRow>(
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
      .where(isIdentity),
  )
  const ownersOfUnionid = orm
    .selectDistinct({ userId: identities.userId })
    .from(identities)
    .innerJoin(users, isActiveOwner)
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
  const ofUser = orm
    .select({ appId: identities.appId, unionid: identities.unionid })
    .from(identities)
    .where(eq(identities.userId, sql.placeholder('userId')))
    .prepare()
  return {
    /** The apps and unionids of the user's identities. */
    ofUser: (userId: string): Pick<Identity, 'appId' | 'unionid'>[] => ofUser.all({ userId }),
    /** Null when the identity is not bound. */
    find: ({ appId, openid }: Identity): OwnedIdentity | null => {
      const row = owned.get({ appId, openid })
      return row === undefined ? null : toOwnedIdentity(row)
    },
    /** The only user with an identity of this unionid in any app; null when there are none or several. */
    ownerOfUnionid: (unionid: string | null): string | null => {
      if (unionid === null) return null
      const owners = ownersOfUnionid.all({ unionid })
      return owners.length === 1 ? (owners[0]?.userId ?? null) : null
    },
    inApp: (userId: string, appId: string) => inApp.get({ userId, appId }) ?? null,
    list: (userId: string): BoundIdentity[] => list.all({ userId }),
  }
}

function toOwnedIdentity(row: OwnedRow): OwnedIdentity {
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
  const updateKey = orm
    .update(identities)
    .set({
      previousKey: identities.sealedKey,
      sealedKey: sql`${sql.placeholder('sealed')}`,
      keyFingerprint: sql`${sql.placeholder('fingerprint')}`,
    })
    .where(isIdentity)
    .prepare()
  const updateUnionid = orm
    .update(identities)
    .set({ unionid: sql`${sql.placeholder('unionid')}` })
    .where(and(isIdentity, isNull(identities.unionid)))
    .prepare()
  const others = compileStatement<[userId: string]>(
    sqlite,
    orm
      .selectDistinct({ userId: identities.userId })
      .from(identities)
      .innerJoin(users, isActiveOwner)
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
    /** Stores what WeChat returned for a bound identity: a new session key, or its first unionid. */
    renew: ({ appId, openid, unionid, key }: Identity, stored: OwnedIdentity): void => {
      const { fingerprint } = key
      if (fingerprint !== stored.keyFingerprint)
        updateKey.run({ appId, openid, sealed: key.sealed, fingerprint })
      if (unionid !== null && stored.unionid === null) updateUnionid.run({ appId, openid, unionid })
    },
    /** Records the users whom this unionid proves to be the same person as `userId`. */
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
