import { type MergeOrder, type MergePreview, type MergeStore, planMerge } from '@mianmi/core/admin'
import type { Queries } from '../../connection/index.ts'
import type { PostgresDatabase } from '../../database.ts'
import { findPeople, findPersonSessions } from '../people/people-rows.ts'
import { countConflicts, readConflictPage, usersOf } from './conflicts.ts'
import { listMerges } from './merge-rows.ts'
import { mergeUsers } from './merge-users.ts'
import { readParties } from './parties.ts'
import { undoMerge } from './undo-merge.ts'

export function createMergeStore(database: PostgresDatabase): MergeStore {
  const { reads } = database
  return {
    countConflicts: async (limit) => {
      const count = await countConflicts(database.reads, limit + 1)
      return { value: Math.min(count, limit), isExact: count <= limit }
    },
    conflicts: async (page) => {
      const { items: rows, next } = await readConflictPage(reads, page)
      const people = await findPeople(reads, usersOf(rows))
      const items = rows.flatMap(({ unionid, detectedAt, firstUserId, secondUserId }) => {
        const [first, second] = [people.get(firstUserId), people.get(secondUserId)]
        return first && second ? [{ unionid, detectedAt, first, second }] : []
      })
      return { items, next }
    },
    preview: (order, now) => previewMerge(reads, order, now),
    merge: (order, merge) => mergeUsers(database, order, merge),
    list: (limit) => listMerges(reads, limit),
    undo: (mergeId, rules) => undoMerge(database, mergeId, rules),
  }
}

async function previewMerge(
  queries: Queries,
  order: MergeOrder,
  now: number,
): Promise<MergePreview | 'not_found' | 'administrator'> {
  const parties = await readParties(queries, order)
  if (typeof parties === 'string') return parties
  const { kept, gone } = parties
  const endedSessions = (await findPersonSessions(queries, gone.person.id, now)).length
  return { kept: kept.person, gone: gone.person, ...planMerge(kept, gone), endedSessions }
}
