import type { SignedInCaller } from '@mianmi/core'
import { toUser, type UserColumns, userColumns } from '../account/user-columns.ts'
import { arrayParameter, createGroups, type Postgres } from '../connection/index.ts'

/** The columns of the lookup, from `sessions s` and `users u`, to be read by `toCaller`. */
export const sessionColumns = `${userColumns}, s.id, s.app_id, s.created_at, s.expires_at`

const select = `select ${sessionColumns} from sessions s join users u on u.id = s.user_id`
const lookupOne = `${select} where s.id = $1`
const lookupMany = `${select} where s.id = any(${arrayParameter('$1::text[]')})`

export type SessionRow = readonly [
  ...UserColumns,
  id: string,
  appId: string,
  createdAt: number,
  expiresAt: number,
]

/**
 * Finds a session and its user. Every call of a signed-in user starts with it, and the calls of one turn of the event
 * loop share a statement. Nothing is cached, so an ended session is refused by the next call on every node.
 */
export function createSessionLookup(
  postgres: Pick<Postgres, 'attempts' | 'metrics'>,
): (id: string) => Promise<SignedInCaller | null> {
  const { reads, flights } = postgres.attempts
  return createGroups<string, SignedInCaller | null>(postgres, {
    name: 'session lookups',
    flights: flights.reads,
    async run(ids) {
      if (ids.length === 1) {
        const [row] = await reads.arrays<SessionRow>(lookupOne, ids)
        return [row === undefined ? null : toCaller(row)]
      }
      const rows = await reads.arrays<SessionRow>(lookupMany, [ids])
      const found = new Map(rows.map((row) => [row[8], toCaller(row)]))
      return ids.map((id) => found.get(id) ?? null)
    },
  })
}

export const toCaller = (row: readonly [...SessionRow, ...unknown[]]): SignedInCaller => ({
  session: { id: row[8], appId: row[9], userId: row[0], createdAt: row[10], expiresAt: row[11] },
  user: toUser(row),
})
