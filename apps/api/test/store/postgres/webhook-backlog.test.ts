import { beforeAll, expect, it } from 'vitest'
import { mostDeliveries } from '../../../src/store/postgres/webhooks/fan-out.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { addWebhooks, backlogConforms, endedSessions, insertRow } from '../webhook-backlog.ts'
import { openClient, openNode } from './nodes.ts'

describePostgres('the backlog of webhooks on PostgreSQL', () => {
  let url = ''
  beforeAll(async () => {
    url = await createTestDatabase()
  })

  async function open() {
    const client = await openClient(url)
    await client.query('truncate webhooks, webhook_deliveries, webhook_outbox, users cascade')
    // After the ids that the tests write.
    await client.query("select setval(pg_get_serial_sequence('webhook_outbox', 'id'), 1000)")
    const { stores, postgres } = await openNode(url)
    const query = async (text: string) => (await client.query(text)).rows
    return { stores, postgres, query }
  }

  backlogConforms(open)

  it('no transaction makes more deliveries than fit into the time limits, however many a row has', async () => {
    const { stores, query } = await open()
    await addWebhooks({ stores }, 20)
    for (const id of [1, 2]) await query(insertRow(id, endedSessions(`u${id}`, 100)))
    await stores.webhookDeliveries.fanOut()
    const parts = await query(
      'select count(*)::int as size from webhook_deliveries group by xmin::text order by size desc',
    )
    expect(parts.reduce((sum, { size }) => sum + size, 0)).toBe(4_000)
    expect(parts[0]).toEqual({ size: mostDeliveries })
  })

  it('a burst after a quiet time reads by the index of the persons, though the table was analysed when it was empty', async () => {
    // Another database: statistics of what was in a table before would help.
    const fresh = await createTestDatabase()
    const client = await openClient(fresh)
    const { stores, postgres } = await openNode(fresh)
    await client.query('alter table webhook_deliveries set (autovacuum_enabled = off)')
    await client.query('vacuum analyze webhook_deliveries')
    await addWebhooks({ stores }, 20)
    // More often than a statement is planned before its plan is kept.
    for (let id = 1; id <= 8; id++) {
      await client.query(insertRow(id, endedSessions(`u${id}`, 1)))
      await stores.webhookDeliveries.fanOut()
    }
    for (let id = 101; id <= 400; id++)
      await client.query(insertRow(id, endedSessions(`u${id}`, 2)))
    await stores.webhookDeliveries.fanOut()
    const lease = { lease: 'lease', now: 1_900_000_000_000, leaseUntil: 2_000_000_000_000 }
    for (let webhook = 0; webhook < 20; webhook++) {
      const request = { ...lease, webhookId: `w${webhook}`, limit: 16 }
      const claimed = await stores.webhookDeliveries.claim(request)
      const retry = { outcome: 'retry', dueAt: 1_900_000_000_001, error: 'x' } as const
      const outcomes = claimed.map(({ id }) => ({ id, ...retry }))
      await stores.webhookDeliveries.settle('lease', outcomes, lease.now)
    }
    // A connection reports what it has read at its end.
    await postgres.close()
    const written = 20 * (8 + 600)
    const statistics = async () =>
      (
        await client.query(`select n_tup_ins::int as inserted,
          (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as read
          from pg_stat_user_tables where relname = 'webhook_deliveries'`)
      ).rows[0]
    await expect.poll(async () => (await statistics()).inserted).toBe(written)
    // Each delivery is claimed or looked up a few times. Reading all that is pending for each would be millions.
    expect((await statistics()).read).toBeLessThan(20 * written)
  })
})
