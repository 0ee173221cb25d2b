import { beforeAll, expect, it } from 'vitest'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import {
  hour,
  newIdentity,
  newSession,
  now,
  openClient,
  openNode,
  openNodes,
  race,
  register,
  signIn,
  unique,
  useOf,
} from './nodes.ts'

describePostgres('expired rows', () => {
  let url = ''
  beforeAll(async () => {
    url = await createTestDatabase()
  })

  it('of limits, login codes, tickets and sessions go away with later ones', async () => {
    const node = await openNode(url)
    const { stores } = node
    const client = await openClient(url)
    const { identity } = await register(node)
    const count = async (table: string): Promise<number> =>
      (await client.query(`select 1 from ${table}`)).rowCount ?? 0
    const write = async (at: number): Promise<void> => {
      const other = newIdentity()
      await stores.limits.spend({ ...useOf(other), now: at })
      await stores.codes.claim(unique('wx1 code'), at)
      await stores.tickets.issue(
        { hash: unique('ticket'), identity: other, expiresAt: at + hour },
        at,
      )
      await signIn(node, identity, newSession({ createdAt: at, expiresAt: at + hour }))
    }
    for (let index = 0; index < 5; index++) await write(now)
    const tables = ['codes', 'tickets', 'sessions']
    for (const table of tables) expect(await count(table)).toBeGreaterThanOrEqual(5)
    await write(now + 2 * hour)
    for (const table of tables) expect([table, await count(table)]).toEqual([table, 1])
    // The limits: one of the call, and one of its sign-in.
    await stores.limits.spend({ ...useOf(newIdentity()), now: now + 5 * hour })
    expect(await count('limits')).toBe(1)
  })

  it('are deleted by several nodes at once, none of which waits for another', async () => {
    const nodes = await openNodes(url, 4)
    const client = await openClient(url)
    await client.query(
      "insert into codes (hash, expires_at) select 'old ' || i, $1 from generate_series(1, 3000) i",
      [now],
    )
    const holder = await openClient(url)
    await holder.query('begin')
    await holder.query("select 1 from codes where hash = 'old 7' for update")
    for (let round = 0; round < 4; round++)
      await race(4, async (index) =>
        nodes[index]?.stores.codes.claim(unique('wx1 code'), now + (round + 1) * hour),
      )
    const { rows } = await client.query("select hash from codes where hash like 'old %'")
    expect(rows).toEqual([{ hash: 'old 7' }])
    await holder.query('rollback')
  })
})
