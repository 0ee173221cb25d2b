import {
  type BoundBy,
  type BoundIdentity,
  type Identity,
  type IdentityRef,
  isSameKey,
  type KnownUnionids,
  type User,
} from '@mianmi/core'
import { and, eq, isNull, ne, sql } from 'drizzle-orm'
import { toUser, type UserColumns, userColumns } from '../account/user-columns.ts'
import { compileStatement } from '../compile-statement.ts'
import type { Database } from '../database.ts'
import { oncePerDatabase } from '../once-per-database.ts'
import { identities, sessions, unionidConflicts, users } from '../schema.ts'

const isIdentity = and(
  eq(identities.appId, sql.placeholder('appId')),
  eq(identities.openid, sql.placeholder('openid')),
)
const ofUserInApp = and(
  eq(identities.userId, sql.placeholder('userId')),
  eq(identities.appId, sql.placeholder('appId')),
)
const sameUnionid = eq(identities.unionid, sql.placeholder('unionid'))
/** An identity that a merged user still has proves nothing any more, nor does one of an administrator. */
const isActiveOwner = and(
  eq(users.id, identities.userId),
  eq(users.role, 'user'),
  isNull(users.mergedInto),
)

/** A bound identity and its owner. */
export interface OwnedIdentity {
  readonly user: User
  readonly unionid: string | null
  readonly previousUnionid: string | null
  readonly keyFingerprint: string | null
  readonly boundAt: number
}

type OwnedRow = [
  ...UserColumns,
  id: string,
  unionid: string | null,
  keyFingerprint: string | null,
  boundAt: number,
  previousUnionid: string | null,
]

/** How an identity was bound, selected from `identities i`. */
export const bindingColumns = `i.bound_at as boundAt, i.bound_by as boundBy, i.device,
  max(i.bound_at, i.last_seen_at, coalesce((select max(s.last_seen_at) from sessions s
    where s.user_id = i.user_id and s.app_id = i.app_id), 0)) as lastSeenAt`

/** How a new identity is bound. */
export interface NewBinding {
  readonly boundAt: number
  readonly boundBy: BoundBy
  readonly device: string | null
  /** A sealed key that is older than the identity's own. */
  readonly previousKey: string | null
  readonly previousUnionid: string | null
}

/** The statements on identities. Call them inside a transaction. */
export const prepareIdentities = oncePerDatabase((database: Database) => ({
  ...prepareReads(database),
  ...prepareWrites(database),
}))

function prepareReads({ orm, sqlite }: Database) {
  const owned = compileStatement<OwnedRow>(
    sqlite,
    orm
      .select({
        ...userColumns,
        id: users.id,
        unionid: identities.unionid,
        keyFingerprint: identities.keyFingerprint,
        boundAt: identities.boundAt,
        previousUnionid: identities.previousUnionid,
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
  const isOwn = sqlite
    .prepare<[{ appId: string; openid: string; userId: string }], number>(
      'select 1 from identities where app_id = :appId and openid = :openid and user_id = :userId',
    )
    .pluck()
  const isOfMerged = sqlite
    .prepare<[string], number>('select 1 from users where id = ? and merged_into is not null')
    .pluck()
  const inApp = orm.select().from(identities).where(ofUserInApp).prepare()
  const isOfSession = and(
    eq(identities.userId, sessions.userId),
    eq(identities.appId, sessions.appId),
  )
  const ofSession = orm
    .select({
      appId: identities.appId,
      openid: identities.openid,
      sealedKey: identities.sealedKey,
      previousKey: identities.previousKey,
    })
    .from(sessions)
    .innerJoin(identities, isOfSession)
    .where(eq(sessions.id, sql.placeholder('sessionId')))
    .prepare()
  const list = sqlite.prepare<[string], BoundIdentity>(
    `select i.app_id as appId, ${bindingColumns} from identities i
     where i.user_id = ? order by i.bound_at, i.app_id`,
  )
  const ofUser = orm
    .select({
      appId: identities.appId,
      openid: identities.openid,
      unionid: identities.unionid,
      previousUnionid: identities.previousUnionid,
      boundBy: identities.boundBy,
    })
    .from(identities)
    .where(eq(identities.userId, sql.placeholder('userId')))
    .prepare()
  return {
    ofUser: (userId: string): (Omit<Identity, 'key'> & KnownUnionids & { boundBy: BoundBy })[] =>
      ofUser.all({ userId }),
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
    isOwn: (userId: string, { appId, openid }: IdentityRef): boolean =>
      isOwn.get({ appId, openid, userId }) !== undefined,
    /** Whether the user was merged into another one. */
    isOfMerged: (userId: string): boolean => isOfMerged.get(userId) !== undefined,
    inApp: (userId: string, appId: string) => inApp.get({ userId, appId }) ?? null,
    /** The identity that a session was opened through, with its keys. */
    ofSession: (sessionId: string) => ofSession.get({ sessionId }) ?? null,
    list: (userId: string): BoundIdentity[] => list.all(userId),
  }
}

function toOwnedIdentity(row: OwnedRow): OwnedIdentity {
  const [, , , , , , , id, unionid, keyFingerprint, boundAt, previousUnionid] = row
  return { user: toUser(id, row), unionid, previousUnionid, keyFingerprint, boundAt }
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
      boundBy: sql.placeholder('boundBy'),
      device: sql.placeholder('device'),
      previousKey: sql.placeholder('previousKey'),
      previousUnionid: sql.placeholder('previousUnionid'),
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
  const sealAgain = orm
    .update(identities)
    .set({
      sealedKey: sql`${sql.placeholder('sealed')}`,
      keyFingerprint: sql`${sql.placeholder('fingerprint')}`,
    })
    .where(isIdentity)
    .prepare()
  const updateUnionid = orm
    .update(identities)
    .set({
      previousUnionid: sql`coalesce(${identities.unionid}, ${identities.previousUnionid})`,
      unionid: sql`${sql.placeholder('unionid')}`,
    })
    .where(isIdentity)
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
    insert: (identity: Identity, userId: string, binding: NewBinding): void => {
      const { sealed, fingerprint } = identity.key
      insert.run({ ...identity, sealed, fingerprint, userId, ...binding })
    },
    /**
     * Stores the session key that WeChat returned for a bound identity, where it is a new one. One that is stored under
     * a former key of the service is sealed again.
     */
    renewKey: ({ appId, openid, key }: Identity, stored: OwnedIdentity): void => {
      const { keyFingerprint } = stored
      const same = keyFingerprint === null ? null : isSameKey(key, keyFingerprint)
      if (same === 'same') return
      const statement = same === 'former' ? sealAgain : updateKey
      statement.run({ appId, openid, sealed: key.sealed, fingerprint: key.fingerprint })
    },
    /** Stores the unionid of a bound identity. Returns whether another one was replaced. */
    renewUnionid: (identity: Omit<Identity, 'key'>, stored: OwnedIdentity): boolean => {
      const { appId, openid, unionid } = identity
      if (unionid === null || unionid === stored.unionid) return false
      updateUnionid.run({ appId, openid, unionid })
      return stored.unionid !== null
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
