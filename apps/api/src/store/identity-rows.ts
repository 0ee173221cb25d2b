import type { Identity, UserRecord } from '@mianmi/core'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { identities, users } from './schema.ts'

/** The statements on identities, prepared once; each to be called inside a transaction. */
export function prepareIdentities({ orm }: Database) {
  const mine = and(
    eq(identities.appId, sql.placeholder('appId')),
    eq(identities.openid, sql.placeholder('openid')),
  )
  const ownerOf = orm
    .select({ user: users })
    .from(identities)
    .innerJoin(users, eq(users.id, identities.userId))
    .where(mine)
    .prepare()
  const hasAny = orm
    .select({ openid: identities.openid })
    .from(identities)
    .where(
      and(
        eq(identities.userId, sql.placeholder('userId')),
        eq(identities.appId, sql.placeholder('appId')),
      ),
    )
    .prepare()
  const keepUnionid = orm
    .update(identities)
    .set({ unionid: sql`${sql.placeholder('unionid')}` })
    .where(and(mine, isNull(identities.unionid)))
    .prepare()
  const insert = orm
    .insert(identities)
    .values({
      appId: sql.placeholder('appId'),
      openid: sql.placeholder('openid'),
      unionid: sql.placeholder('unionid'),
      userId: sql.placeholder('userId'),
      boundAt: sql.placeholder('boundAt'),
    })
    .prepare()
  return {
    ownerOf: (identity: Identity): UserRecord | null => ownerOf.get({ ...identity })?.user ?? null,
    hasAnyInApp: (userId: string, appId: string): boolean =>
      hasAny.get({ userId, appId }) !== undefined,
    /** WeChat may show a unionid later than the openid it belongs to. */
    keepUnionid: (identity: Identity): void => {
      if (identity.unionid !== null) keepUnionid.run({ ...identity })
    },
    insert: (identity: Identity, userId: string, boundAt: number): void =>
      void insert.run({ ...identity, userId, boundAt }),
  }
}
