import { type KeyObject, randomBytes } from 'node:crypto'
import { type BoundedCache, createBoundedCache } from '@mianmi/core'
import { subjectMac } from '../../audit/line-mac.ts'
import type { Postgres, Queries, Transaction } from '../connection/index.ts'

/** How long a pseudonym is kept after its user was removed, for lines of calls that are in flight, in ms. */
const removedMs = 600_000
/** How many pseudonyms this process remembers, and for how long in ms. */
const known = { most: 20_000, forMs: removedMs }

/** The names under which the audit log has users. */
export type Pseudonyms = (userId: string) => string

export interface Subjects {
  /**
   * The pseudonyms of users, each made with the first line of the user; the id itself where no user has it. Call it
   * before the head of the chain is locked: a new pseudonym waits for who holds the user.
   */
  find(userIds: readonly string[], tx?: Transaction): Promise<Pseudonyms>
}

export function createSubjects(
  { reads, transaction }: Pick<Postgres, 'reads' | 'transaction'>,
  key: KeyObject,
): Subjects {
  const cache: BoundedCache<string> = createBoundedCache(known)
  const findAll = async (queries: Queries, userIds: readonly string[]) => {
    const rows = await queries.arrays<SubjectRow>(findSubjects, [userIds])
    const users: string[] = []
    for (const [userId, pseudonym] of rows)
      if (pseudonym === null) users.push(userId)
      else cache.set(userId, pseudonym)
    return users
  }
  return {
    async find(userIds, tx) {
      const unknown = userIds.filter((id) => cache.get(id) === undefined)
      if (unknown.length > 0) {
        const users = await findAll(tx ?? reads, unknown)
        const unnamed = users.filter((id) => cache.get(id) === undefined)
        if (unnamed.length > 0) {
          const make = async (queries: Transaction): Promise<void> => {
            await queries.run(insertSubjects, subjectValues(unnamed, key))
            // Another node may have made one at the same time.
            await findAll(queries, unnamed)
          }
          await (tx === undefined ? transaction([], make) : make(tx))
        }
      }
      const names = new Map(userIds.map((id) => [id, cache.get(id) ?? id]))
      return (userId) => names.get(userId) ?? userId
    },
  }
}

type SubjectRow = [userId: string, pseudonym: string | null]

const findSubjects = `select user_id, pseudonym from audit_subjects where user_id = any ($1::text[])
union all select user_id, pseudonym from audit_removed_subjects where user_id = any ($1::text[])
union all select id, null from users where id = any ($1::text[])`

/** In the order in which every verb locks users: each row locks its user a little, by its foreign key. */
const insertSubjects = `insert into audit_subjects (user_id, pseudonym, mac)
select s.user_id, s.pseudonym, s.mac
from unnest($1::text[], $2::text[], $3::bytea[]) as s(user_id, pseudonym, mac)
join users u on u.id = s.user_id order by s.user_id on conflict (user_id) do nothing`

function subjectValues(userIds: readonly string[], key: KeyObject): unknown[] {
  const subjects = userIds.map((userId) => ({
    userId,
    pseudonym: `p-${randomBytes(16).toString('hex')}`,
  }))
  return [
    userIds,
    subjects.map(({ pseudonym }) => pseudonym),
    subjects.map((subject) => subjectMac(key, subject)),
  ]
}

/**
 * Keeps the pseudonyms of users who are about to be removed for ten minutes, for the lines of calls that are in flight
 * on any node, and deletes older ones. May be called again for the same users.
 */
export async function rememberSubjects(
  tx: Queries,
  { userIds, now }: { readonly userIds: readonly string[]; readonly now: number },
): Promise<void> {
  await tx.run(
    `insert into audit_removed_subjects (user_id, pseudonym, expires_at)
     select user_id, pseudonym, $2 from audit_subjects where user_id = any ($1::text[])
     order by user_id on conflict (user_id) do update set expires_at = excluded.expires_at`,
    [userIds, now + removedMs],
  )
  await forgetSubjects(tx, now)
}

/** Deletes the pseudonyms of users who were removed more than ten minutes ago. */
export async function forgetSubjects(queries: Queries, now: number): Promise<void> {
  await queries.run(
    `delete from audit_removed_subjects where user_id in (
       select user_id from audit_removed_subjects where expires_at <= $1
       order by user_id limit 100 for update skip locked)`,
    [now],
  )
}
