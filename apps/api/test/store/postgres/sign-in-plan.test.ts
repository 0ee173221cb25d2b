import type pg from 'pg'
import { expect, it } from 'vitest'
import { signInStatement } from '../../../src/store/postgres/identity/sign-in-statement.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { openClient } from './nodes.ts'

const fill = `
  insert into users (id, created_at) select 'u' || g, 1 from generate_series(1, 1000) g;
  insert into identities (app_id, openid, user_id, bound_at, bound_by, sealed_key, key_fingerprint)
  select 'wx1', 'o' || g, 'u' || g, 1, 'register', 'k', 'f' from generate_series(1, 1000) g;`

const texts = (value: (call: number) => string | null): string =>
  `array[${Array.from({ length: 32 }, (_, call) => value(call + 1))
    .map((text) => (text === null ? 'null' : `'${text}'`))
    .join(', ')}]::text[]`
const times = (at: number): string => `array[${Array(32).fill(at).join(', ')}]::bigint[]`
const values = [
  ...[`'700'`, '60000', '1000', texts((call) => `limit${call}`), times(60_000)],
  ...[texts(() => 'wx1'), texts((call) => `o${call}`), texts(() => null), texts(() => 'sealed')],
  ...[texts(() => 'fingerprint'), texts(() => null), texts((call) => `s${call}`)],
  ...[texts(() => 'secret'), texts(() => null), times(1), times(2)],
]

async function explain(client: pg.ClientBase): Promise<string> {
  await client.query('set plan_cache_mode = force_generic_plan')
  await client.query(`prepare signed as ${signInStatement}`)
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `explain (analyze, costs off, timing off) execute signed(${values.join(', ')})`,
  )
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}

describePostgres('the statement of grouped sign-ins', () => {
  it('compares no call with every other one', async () => {
    const client = await openClient(await createTestDatabase())
    await client.query(`${fill}; analyze`)
    const plan = await explain(client)
    expect(plan).not.toMatch(/Rows Removed by Join Filter/)
    const { rows } = await client.query('select count(*)::int as count from sessions')
    expect(rows).toEqual([{ count: 32 }])
  })
})
