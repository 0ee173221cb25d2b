import { type CodeStore, createBoundedCache } from '@mianmi/core'

/** In ms. WeChat accepts a code for 5 minutes; the rest allows for clocks that differ. */
const rememberedFor = 10 * 60_000
/** Upper limit of remembered codes. The oldest are forgotten first; WeChat still refuses them. */
const remembered = 100_000

/**
 * Codes in memory. One process signs people in over a SQLite database, so no other one can send the same code; and after
 * a restart WeChat itself refuses a code that it has seen (40163). A row for each sign-in would be written for nothing.
 */
export function createCodeStore(): CodeStore {
  let newest = 0
  const now = (): number => newest
  const claimed = createBoundedCache<true>({ most: remembered, forMs: rememberedFor, now })
  return {
    async claim(code, at) {
      newest = at
      if (claimed.get(code)) return false
      claimed.set(code, true)
      return true
    },
    release: async (code) => claimed.delete(code),
  }
}
