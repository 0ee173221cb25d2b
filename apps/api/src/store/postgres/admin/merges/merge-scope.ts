import { Failure } from '@mianmi/core'
import { isolateWithTickets } from '../../account/user-locks.ts'
import type { Queries, Transaction } from '../../connection/index.ts'
import type { PostgresDatabase } from '../../database.ts'
import { findConflictsOf, usersOf } from './conflicts.ts'

/** What a merge or an undo must lock. */
export interface MergeScope {
  /** The two users. */
  readonly users: readonly string[]
  /** Users with whom they have conflicts. */
  readonly others: readonly string[]
  /** Of the identities and conflicts of the two: who has an identity with one of these is not to change meanwhile. */
  readonly unionids: readonly string[]
}

/** The scope of two users as they are now. */
export async function readMergeScope(
  queries: Queries,
  users: readonly string[],
): Promise<MergeScope> {
  const conflicts = await findConflictsOf(queries, users)
  const identities = await queries.all<{ unionid: string }>(
    'select unionid from identities where user_id = any($1::text[]) and unionid is not null',
    [users],
  )
  const unionids = [...conflicts, ...identities].map(({ unionid }) => unionid)
  return { users, others: usersOf(conflicts), unionids: [...new Set(unionids)] }
}

/** How often a scope may turn out to be too small, because others changed the same users. */
const maxAttempts = 10

/**
 * Runs a verb in a transaction that has locked its scope. The scope is read before, because names are locked first, and
 * again when everything is locked.
 *
 * @throws Failure `overloaded` where others kept changing the users
 */
export async function inMergeScope<T extends object | string>(
  { reads, transaction }: PostgresDatabase,
  readScope: (queries: Queries) => Promise<MergeScope>,
  work: (tx: Transaction, tickets: readonly string[]) => Promise<T>,
): Promise<T> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const scope = await readScope(reads)
    const names = scope.unionids.map((unionid) => `unionid ${unionid}`)
    const result = await transaction(names, async (tx) => {
      const tickets = await isolateWithTickets(tx, scope)
      return covers(scope, await readScope(tx)) ? work(tx, tickets) : null
    })
    if (result !== null) return result
  }
  throw new Failure('overloaded', { retryAfter: 1 })
}

function covers(locked: MergeScope, found: MergeScope): boolean {
  const users = new Set([...locked.users, ...locked.others])
  const unionids = new Set(locked.unionids)
  return (
    [...found.users, ...found.others].every((id) => users.has(id)) &&
    found.unionids.every((unionid) => unionids.has(unionid))
  )
}
