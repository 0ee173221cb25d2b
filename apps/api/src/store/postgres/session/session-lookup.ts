import type { IntrospectedCaller, Role, SignedInCaller } from '@mianmi/core'
import { userColumns } from '../account/user-columns.ts'
import {
  arrayParameter,
  createGroups,
  type Postgres,
  type TextRow,
  textArray,
} from '../connection/index.ts'

type Lookup<Caller> = (id: string) => Promise<Caller | null>

/**
 * Finds a session and its user. Every call of a signed-in user starts with it, and the calls of one turn of the event
 * loop share a statement. Nothing is cached, so an ended session is refused by the next call on every node.
 */
export const createSessionLookup = (
  postgres: Pick<Postgres, 'attempts' | 'metrics'>,
): Lookup<SignedInCaller> =>
  createLookup(postgres, { name: 'session lookups', columns: sessionColumns, toCaller })

/** The same for introspections, with the external id of the user. */
export const createIntrospection = (
  postgres: Pick<Postgres, 'attempts' | 'metrics'>,
): Lookup<IntrospectedCaller> =>
  createLookup(postgres, {
    name: 'introspections',
    columns: `${sessionColumns}, u.external_id`,
    toCaller: (row) => ({ ...toCaller(row), externalId: row[12] ?? null }),
  })

const sessionColumns = `${userColumns}, s.id, s.app_id, s.created_at, s.expires_at`
const idColumn = 8

interface LookupOptions<Caller> {
  readonly name: string
  /** Of `sessions s` and `users u`. */
  readonly columns: string
  readonly toCaller: (row: TextRow) => Caller
}

function createLookup<Caller>(
  postgres: Pick<Postgres, 'attempts' | 'metrics'>,
  { name, columns, toCaller }: LookupOptions<Caller>,
): Lookup<Caller> {
  const { prepareRead, flights } = postgres.attempts
  const select = `select ${columns} from sessions s join users u on u.id = s.user_id where s.id =`
  const findOne = prepareRead(`${select} $1`)
  // `offset 0` keeps it a look-up in the indexes for each id. Otherwise the planner, who does not know how many ids there
  // are, reads small tables whole.
  const findMany = prepareRead(
    `select found.* from unnest(${arrayParameter('$1::text[]')}) as n(id)
     cross join lateral (${select} n.id offset 0) as found`,
  )
  return createGroups<string, Caller | null>(postgres, {
    name,
    flights: flights.reads,
    async run(ids) {
      const [id = ''] = ids
      if (ids.length === 1) {
        const [row] = await findOne(id)
        return [row === undefined ? null : toCaller(row)]
      }
      const rows = await findMany(textArray(ids))
      const found = new Map(rows.map((row) => [row[idColumn], toCaller(row)]))
      return ids.map((each) => found.get(each) ?? null)
    },
  })
}

/** Reads the texts of `sessionColumns`. */
function toCaller(row: TextRow): SignedInCaller {
  const [id, account, phone, nickname, avatarUrl, role, disabledAt, createdAt] = row
  return {
    session: {
      id: row[idColumn] as string,
      appId: row[9] as string,
      userId: id as string,
      createdAt: Number(row[10]),
      expiresAt: Number(row[11]),
    },
    user: {
      id: id as string,
      account: account ?? null,
      phone: phone ?? null,
      nickname: nickname ?? null,
      avatarUrl: avatarUrl ?? null,
      role: role as Role,
      disabledAt: typeof disabledAt === 'string' ? Number(disabledAt) : null,
      createdAt: Number(createdAt),
    },
  }
}
