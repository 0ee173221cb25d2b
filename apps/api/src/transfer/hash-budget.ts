import {
  type HashWorks,
  type ImportedHashes,
  maxKinds,
  withWork,
} from '../passwords/imported-work.ts'
import { estimateMs, readStoredHash } from '../passwords/stored-hash/stored-hash.mjs'

/** How long one check of a password may take because of imported hashes, in ms on a common server. */
const maxCheckMs = 2_000

/** What verifying a password will take, with the hashes that an import brings. */
export interface HashBudget {
  /** Accepts a hash, or says why it would make every check of a password too slow. */
  accept(hash: string): string | null
  /** How long the imported hashes make a check of a password, in ms on a common server. */
  checkMs(): number
}

/** @param present the hashes that accounts have already */
export function createHashBudget(present: ImportedHashes): HashBudget {
  const kinds = new Set(present.kinds)
  let works: HashWorks = present.works
  return {
    accept(hash) {
      const stored = readStoredHash(hash)
      if (stored === null || kinds.has(stored.kind)) return null
      if (kinds.size >= maxKinds) return `passwordHash: more than ${maxKinds} kinds of hashes`
      const more = withWork(works, stored)
      const checkMs = estimateMs(more)
      if (checkMs > maxCheckMs && checkMs > estimateMs(works))
        return `passwordHash: every check of a password would take ${Math.round(checkMs)} ms`
      kinds.add(stored.kind)
      works = more
      return null
    },
    checkMs: () => Math.round(estimateMs(works)),
  }
}
