import type { MergeOrder, MergeParty } from '@mianmi/core/admin'
import type { Queries } from '../../connection/index.ts'
import { findPeople, findPersonIdentities } from '../people/people-rows.ts'
import { findConflict } from './conflicts.ts'

export interface MergeParties {
  readonly kept: MergeParty
  readonly gone: MergeParty
}

export const goneIdOf = ({ keepUserId, firstUserId, secondUserId }: MergeOrder): string =>
  keepUserId === firstUserId ? secondUserId : firstUserId

/** The two users of an open conflict, none of whom is an administrator. */
export async function readParties(
  queries: Queries,
  order: MergeOrder,
): Promise<MergeParties | 'not_found' | 'administrator'> {
  if ((await findConflict(queries, order)) === null) return 'not_found'
  const [keptId, goneId] = [order.keepUserId, goneIdOf(order)]
  const people = await findPeople(queries, [keptId, goneId])
  const [kept, gone] = [people.get(keptId), people.get(goneId)]
  if (kept === undefined || gone === undefined) return 'not_found'
  if (kept.role === 'admin' || gone.role === 'admin') return 'administrator'
  return {
    kept: { person: kept, identities: await findPersonIdentities(queries, keptId) },
    gone: { person: gone, identities: await findPersonIdentities(queries, goneId) },
  }
}
