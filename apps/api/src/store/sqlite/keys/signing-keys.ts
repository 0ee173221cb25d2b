import { and, desc, eq, gt, isNotNull, isNull, lte, notInArray, or } from 'drizzle-orm'
import type { SigningKeyStore } from '../../keys/signing-key-store.ts'
import type { Database } from '../database.ts'
import { identities, rootKeys, sessions, signingKeys } from '../schema.ts'

export function createSigningKeyStore({
  orm,
  writeNow,
}: Pick<Database, 'orm' | 'writeNow'>): SigningKeyStore {
  const { rootId, createdAt, retiredAt } = signingKeys
  const list = () => orm.select().from(signingKeys).orderBy(desc(signingKeys.createdAt)).all()
  return {
    list: async () => list(),
    keep: async ({ first, listed, drafts, retiredUntil, unusedUntil, now }) => {
      const isUnused = and(
        isNull(retiredAt),
        lte(createdAt, unusedUntil),
        notInArray(rootId, [...listed]),
        notInArray(rootId, orm.select({ id: rootKeys.id }).from(rootKeys)),
      )
      const isExpired = and(isNotNull(retiredAt), lte(retiredAt, retiredUntil))
      return writeNow(() => {
        orm.delete(signingKeys).where(or(isUnused, isExpired)).run()
        orm.update(signingKeys).set({ retiredAt: now }).where(gt(retiredAt, now)).run()
        if (drafts.length > 0)
          orm
            .insert(signingKeys)
            .values([...drafts])
            .onConflictDoNothing()
            .run()
        orm.update(signingKeys).set({ retiredAt: null }).where(eq(rootId, first)).run()
        return list()
      })
    },
    haveBeenUsed: async () => {
      const session = orm.select({ id: sessions.id }).from(sessions).limit(1).get()
      const isSealed = isNotNull(identities.sealedKey)
      const identity = orm.select({ appId: identities.appId }).from(identities).where(isSealed)
      return session !== undefined || identity.limit(1).get() !== undefined
    },
  }
}
