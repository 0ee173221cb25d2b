import { and, eq, gt, lte, or } from 'drizzle-orm'
import type { RetiredMacKeyStore } from '../../keys/retired-mac-key-store.ts'
import type { Database } from '../database.ts'
import { retiredMacKeys } from '../schema.ts'

export function createRetiredMacKeyStore({
  orm,
  writeNow,
}: Pick<Database, 'orm' | 'writeNow'>): RetiredMacKeyStore {
  return {
    list: async () => orm.select().from(retiredMacKeys).all(),
    clean: async ({ purpose, until, now }) => {
      const isOutlived = and(
        eq(retiredMacKeys.purpose, purpose),
        lte(retiredMacKeys.retiredAt, until),
      )
      const isAhead = gt(retiredMacKeys.retiredAt, now)
      const isWrong = or(isOutlived, isAhead)
      if (orm.select().from(retiredMacKeys).where(isWrong).get() === undefined) return
      writeNow(() => {
        orm.delete(retiredMacKeys).where(isOutlived).run()
        orm.update(retiredMacKeys).set({ retiredAt: now }).where(isAhead).run()
      })
    },
  }
}
