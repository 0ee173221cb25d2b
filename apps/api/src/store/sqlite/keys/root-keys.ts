import { and, inArray, isNull, ne } from 'drizzle-orm'
import type { RootKeyStore } from '../../keys/root-key-store.ts'
import type { Database } from '../database.ts'
import { retiredMacKeys, rootKeys, signingKeys } from '../schema.ts'

type RootKeyDatabase = Pick<Database, 'orm' | 'write' | 'writeNow'>

export function createRootKeyStore({ orm, write, writeNow }: RootKeyDatabase): RootKeyStore {
  const used = (): readonly string[] =>
    orm
      .select({ id: rootKeys.id })
      .from(rootKeys)
      .orderBy(rootKeys.firstUsedAt)
      .all()
      .map(({ id }) => id)
  const record = (id: string, firstUsedAt: number): void =>
    void orm.insert(rootKeys).values({ id, firstUsedAt }).onConflictDoNothing().run()
  const isListed = (listed: readonly string[]): boolean => used().every((id) => listed.includes(id))
  return {
    used: async () => used(),
    claim: async ({ id, listed, now }) => {
      // A start with the keys of the one before writes nothing, so it waits for no other process.
      if (used().includes(id)) return isListed(listed)
      return writeNow(() => {
        if (!isListed(listed)) return false
        record(id, now)
        return true
      })
    },
    record: (id, now) => write(() => record(id, now)),
    claimAlone: ({ id, macKeys, now: retiredAt }) =>
      write(() => {
        const others = used().filter((other) => other !== id)
        const retired = macKeys.filter(({ rootId }) => others.includes(rootId))
        for (const { sealedKey, ...key } of retired)
          orm
            .insert(retiredMacKeys)
            .values({ ...key, sealedKey, retiredAt })
            .onConflictDoUpdate({
              target: [retiredMacKeys.rootId, retiredMacKeys.purpose],
              set: { sealedKey, retiredAt },
            })
            .run()
        const rootIds = retired.map(({ rootId }) => rootId)
        orm
          .update(signingKeys)
          .set({ retiredAt })
          .where(and(inArray(signingKeys.rootId, rootIds), isNull(signingKeys.retiredAt)))
          .run()
        orm.delete(rootKeys).where(ne(rootKeys.id, id)).run()
      }),
  }
}
