import { and, eq, gt, lte, or } from 'drizzle-orm'
import type { Database } from '../store/sqlite/index.ts'
import { retiredMacKeys } from '../store/sqlite/schema.ts'
import { type RootKey, retiredKeyOwner } from './root-key.ts'

/**
 * The purposes of MACs that cannot be made again under another key, because the database does not have what they were
 * made of.
 */
const keptPurposes = ['refresh token', 'recovery code'] as const
export type KeptPurpose = (typeof keptPurposes)[number]

/** Stores the keys of a listed key that is about to be removed from SECRET_KEY. Call it inside a transaction. */
export function retireMacKeys(
  { orm }: Pick<Database, 'orm'>,
  root: RootKey,
  { rootId, now }: { rootId: string; now: number },
): void {
  for (const purpose of keptPurposes) {
    const key = { sealedKey: root.retireMacKey(rootId, purpose), retiredAt: now }
    orm
      .insert(retiredMacKeys)
      .values({ rootId, purpose, ...key })
      .onConflictDoUpdate({ target: [retiredMacKeys.rootId, retiredMacKeys.purpose], set: key })
      .run()
  }
}

/** Seals a retired key under the first key of SECRET_KEY. @throws when it cannot be opened */
export function resealMacKey(
  root: RootKey,
  { rootId, purpose, sealed }: { rootId: string; purpose: KeptPurpose; sealed: string },
): string {
  const owner = retiredKeyOwner(rootId, purpose)
  return root.seal('retired key', root.open('retired key', sealed, owner), owner)
}

/**
 * Lets the root key verify under the keys that were retired. A refresh token is at most `refreshTokenTtl` old, in ms,
 * so its key is removed after that time.
 */
export function restoreMacKeys(
  { orm, writeNow }: Pick<Database, 'orm' | 'writeNow'>,
  root: RootKey,
  { refreshTokenTtl, now }: { refreshTokenTtl: number; now: number },
): void {
  const isOutlived = and(
    eq(retiredMacKeys.purpose, 'refresh token'),
    lte(retiredMacKeys.retiredAt, now - refreshTokenTtl),
  )
  // By a clock that was ahead and was set right since.
  const isAhead = gt(retiredMacKeys.retiredAt, now)
  const isWrong = or(isOutlived, isAhead)
  if (orm.select().from(retiredMacKeys).where(isWrong).get() !== undefined)
    writeNow(() => {
      orm.delete(retiredMacKeys).where(isOutlived).run()
      orm.update(retiredMacKeys).set({ retiredAt: now }).where(isAhead).run()
    })
  for (const { rootId, purpose, sealedKey } of orm.select().from(retiredMacKeys).all())
    root.restoreMacKey(rootId, purpose, sealedKey)
}
