import type { PeopleFilter } from '@mianmi/core/admin'
import pg from 'pg'
import { beforeAll, expect, it } from 'vitest'
import { createPeopleStore } from '../../../src/store/postgres/admin/people/people.ts'
import type { Postgres, Queries } from '../../../src/store/postgres/connection/index.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { openClient, openNode } from './nodes.ts'
import { postgresDatabase } from './postgres-stores.ts'

interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/** Enough rows for PostgreSQL to prefer an index wherever one serves. */
const fill = `
  insert into users (id, account, account_key, password_hash, phone, nickname, role, disabled_at, created_at, external_id)
  select 'u' || lpad(g::text, 6, '0'), 'name' || g, 'name' || g, 'hash', '138****' || lpad((g % 10000)::text, 4, '0'),
    (array['Ann', 'anna', '小明', 'Bob'])[1 + g % 4] || g, case when g % 9999 = 0 then 'admin' else 'user' end,
    case when g % 50 = 0 then 5 end, 1700000000000 + g / 3, 'external' || g
  from generate_series(1, 40000) g;
  insert into identities (app_id, openid, user_id, bound_at, bound_by, sealed_key, key_fingerprint)
  select 'wx' || a, 'o' || g, 'u' || lpad(g::text, 6, '0'), 1700000000000 + g / 3, 'register', 'k', 'f'
  from generate_series(1, 40000) g, generate_series(1, 2) a where a = 1 or g % 10 = 0;
  insert into sessions (id, user_id, app_id, created_at, last_seen_at, expires_at, rotated_at)
  select 's' || g, 'u' || lpad(g::text, 6, '0'), 'wx1', 1, 1, 2, 1 from generate_series(1, 40000) g;`

const search = (text: string, phone: string | null = null) => ({
  text,
  accountKey: text,
  phone,
  phoneEnd: /^\d{4}$/.test(text) ? text : null,
})
const filters: Readonly<Record<string, Omit<PeopleFilter, 'limit'>>> = {
  'all users': { search: null },
  'active users': { search: null, status: 'active' },
  'disabled users': { search: null, status: 'disabled' },
  administrators: { search: null, role: 'admin' },
  'disabled administrators': { search: null, role: 'admin', status: 'disabled' },
  'users of an app': { search: null, appId: 'wx2' },
  'disabled users of an app': { search: null, appId: 'wx2', status: 'disabled' },
  'an id': { search: search('u000777') },
  'an openid': { search: search('o777') },
  'a number': { search: search('x', '13800000001') },
  'a name that many begin with': { search: search('name') },
  'a part of many nicknames': { search: search('n') },
  'a part of some nicknames': { search: search('明1') },
  'the end of a number': { search: search('0777') },
  'disabled users with the end of a number': { search: search('0777'), status: 'disabled' },
  'a nickname that many begin with': { search: search('ann') },
  'a nickname that some begin with': { search: search('ann1') },
  'disabled users with a nickname': { search: search('ann'), status: 'disabled' },
  'users of an app with a nickname': { search: search('bob'), appId: 'wx2' },
  'a name that no user has': { search: search('zzz') },
  'all users, the oldest first': { search: null, sort: 'oldest' },
  'disabled users, the oldest first': { search: null, sort: 'oldest', status: 'disabled' },
  'users of an app, the oldest first': { search: null, sort: 'oldest', appId: 'wx2' },
  'users by account name': { search: null, sort: 'account' },
}

describePostgres('the pages of people', () => {
  let client: pg.Client
  let url = ''
  beforeAll(async () => {
    url = await createTestDatabase()
    const filler = new pg.Client(url)
    await filler.connect()
    await filler.query(`${fill}; analyze`)
    await filler.end()
  })

  /** Runs `work` and returns the statements that it read by. */
  async function statementsOf(filter: PeopleFilter): Promise<Statement[]> {
    const { postgres } = await openNode(url)
    const statements: Statement[] = []
    const people = createPeopleStore(
      postgresDatabase({ ...postgres, reads: recorded(postgres, statements) }),
    )
    const { next } = await people.list(filter)
    if (next !== null) await people.list({ ...filter, cursor: next })
    await people.count({ ...filter, limit: 1_000 })
    return statements
  }

  it.each(Object.entries(filters))('follow indexes for %s', async (name, filter) => {
    client = await openClient(url)
    const found: string[] = []
    const statements = await statementsOf({ limit: 20, ...filter })
    for (const mode of ['force_custom_plan', 'force_generic_plan'])
      found.push(...(await costlySteps(client, mode, statements)))
    expect({ name, found }).toEqual({ name, found: [] })
  })
})

/** @param mode a statement that is used often is planned once, without its values */
async function costlySteps(
  client: pg.Client,
  mode: string,
  statements: readonly Statement[],
): Promise<string[]> {
  await client.query(`set plan_cache_mode = ${mode}`)
  const found: string[] = []
  for (const { text, values } of statements) {
    await client.query(`prepare planned as ${text}`)
    const given = values.map(literal).join(', ')
    const explained = await client.query<{ 'QUERY PLAN': string }>(
      `explain (costs off) execute planned${given === '' ? '' : `(${given})`}`,
    )
    await client.query('deallocate planned')
    const steps = explained.rows.map((row) => row['QUERY PLAN'])
    found.push(...steps.filter((step) => costly.test(step)))
  }
  return found
}

/** A step that reads every row of a table, or what a filter finds beside the rows that are scanned. */
const costly = /Seq Scan on|Hash Join|BitmapAnd|BitmapOr/

const literal = (value: unknown): string =>
  Array.isArray(value)
    ? `array[${value.map(literal).join(', ')}]::text[]`
    : typeof value === 'number'
      ? String(value)
      : `'${String(value).replaceAll("'", "''")}'`

function recorded({ reads }: Postgres, statements: Statement[]): Queries {
  const record =
    <Result>(run: (text: string, values?: readonly unknown[]) => Promise<Result>) =>
    (text: string, values: readonly unknown[] = []) => {
      statements.push({ text, values })
      return run(text, values)
    }
  return {
    all: record(reads.all) as Queries['all'],
    first: record(reads.first) as Queries['first'],
    run: record(reads.run),
    arrays: record(reads.arrays) as Queries['arrays'],
  }
}
