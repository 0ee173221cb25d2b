import { type BoundedCache, createBoundedCache } from '@mianmi/core'

/** Pseudonyms of users who were removed lately, by their id. */
export type RemovedSubjects = BoundedCache<string>

/** Long enough for the lines of calls that were in flight when their user was removed, in ms. */
const rememberedMs = 600_000

export const createRemovedSubjects = (): RemovedSubjects =>
  createBoundedCache({ most: 10_000, forMs: rememberedMs })
