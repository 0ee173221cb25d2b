import { maxPending, type WebhookEvent, webhookEventTypes } from '@mianmi/core'
import { expect, it } from 'vitest'
import type { Store } from '../../src/store/store.ts'

/** A store of a dialect, and statements beside it. */
export interface OpenedBacklog {
  readonly stores: Pick<Store, 'webhooks' | 'webhookDeliveries' | 'users'>
  /** Runs a statement without values, and returns its rows. */
  query(text: string): Promise<readonly Record<string, unknown>[]>
}

export const now = 1_800_000_000_000

/** Adds webhooks that ask for everything, whose ids begin with `w`. */
export async function addWebhooks(
  { stores }: Pick<OpenedBacklog, 'stores'>,
  count: number,
): Promise<void> {
  const webhook = { url: 'https://receiver.example/', events: webhookEventTypes, at: now }
  for (let index = 0; index < count; index++)
    await stores.webhooks.create({ ...webhook, id: `w${index}`, sealedSecret: 'sealed' }, null)
}

/** The events of a row: sessions of a user that were ended. */
export const endedSessions = (userId: string, count: number): WebhookEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ type: 'session.ended', userId, appId: 'wx1', sessionId: `${userId}-${index}` },
  }))

/** The statement that writes a row with an id, as a transaction writes it. */
export const insertRow = (id: number, events: unknown): string =>
  `insert into webhook_outbox (id, at, events) values (${id}, ${now},
    '${typeof events === 'string' ? events : JSON.stringify(events)}')`

const insertUsers = (...ids: string[]): string =>
  `insert into users (id, role, created_at) values ${ids.map((id) => `('${id}', 'user', 1)`).join()}`

/** What waits for the fan-out, where it is much or cannot be read. */
export function backlogConforms(open: () => Promise<OpenedBacklog>): void {
  const start = async (webhooks = 1) => {
    const opened = await open()
    await addWebhooks(opened, webhooks)
    const { stores, query } = opened
    const bodies = async () =>
      (await query('select body from webhook_deliveries order by seq')).map(
        ({ body }) => JSON.parse(String(body)).data as Record<string, string>,
      )
    return { ...opened, bodies, deliveries: stores.webhookDeliveries, query }
  }

  it('a row with more events than a part may have is fanned out in several parts, in its order', async () => {
    const { query, bodies, deliveries } = await start()
    await query(insertRow(1, endedSessions('long', 1_201)))
    await query(insertRow(2, endedSessions('next', 1)))
    expect(await deliveries.fanOut()).toEqual([])
    const ids = (await bodies()).map(({ sessionId }) => sessionId)
    expect(ids).toEqual([
      ...endedSessions('long', 1_201).map((event) => 'sessionId' in event && event.sessionId),
      'next-0',
    ])
    expect(await deliveries.counts()).toMatchObject({ waiting: 0 })
  })

  it.each([
    ['no JSON', '[{'],
    ['no array', '{}'],
    ['no event', [{ type: 'session.ended' }]],
    ['an unknown type', [{ type: 'user.born', userId: 'u' }]],
    ['a merge without the other user', [{ type: 'user.merged', userId: 'u' }]],
    ['an unknown order', [{ type: 'user.enabled', userId: 'u', order: 'last' }]],
  ])('a row with %s is set aside and counted, and holds up nothing', async (_what, events) => {
    const { query, stores, bodies, deliveries } = await start()
    await query(insertRow(1, events))
    await query(insertRow(2, endedSessions('next', 1)))
    expect(await deliveries.fanOut()).toEqual(['1'])
    expect(await bodies()).toHaveLength(1)
    expect(await deliveries.counts()).toMatchObject({ waiting: 0, unreadable: 1, oldestAt: now })
    expect(await stores.webhooks.backlog()).toEqual({ waiting: 0, unreadable: 1 })
    // It is neither tried again nor told again, and the verbs that fan out go on.
    expect(await deliveries.fanOut()).toEqual([])
    await query(insertRow(3, events))
    expect(await stores.webhooks.update({ id: 'w0', enabled: false, at: now }, null)).toBe(
      'updated',
    )
    expect(await deliveries.counts()).toMatchObject({ unreadable: 2 })
  })

  it('of a row that can be read in part the readable events are sent, and the others at the next start of a version that can', async () => {
    const { query, bodies, deliveries } = await start()
    const [first, second] = endedSessions('u', 2)
    await query(insertRow(1, [first, { type: 'user.born', userId: 'u' }, second]))
    expect(await deliveries.fanOut()).toEqual(['1'])
    expect(await bodies()).toHaveLength(2)
    const [left] = await query('select events from webhook_outbox')
    expect(left).toEqual({ events: JSON.stringify([{ type: 'user.born', userId: 'u' }]) })
    await deliveries.readAgain()
    expect(await deliveries.fanOut()).toEqual(['1'])
    await query(`update webhook_outbox set events = replace(events, 'user.born', 'user.enabled')`)
    await deliveries.readAgain()
    expect(await deliveries.fanOut()).toEqual([])
    expect(await bodies()).toHaveLength(3)
    expect(await deliveries.counts()).toMatchObject({ unreadable: 0 })
  })

  it('a row whose time or users cannot be read is set aside', async () => {
    const { query, deliveries } = await start()
    const events = endedSessions('u', 1)
    for (const id of [1, 2]) await query(insertRow(id, events))
    await query(`update webhook_outbox set users = '[1]' where id = 1`)
    await query('update webhook_outbox set at = 9000000000000000 where id = 2')
    expect(await deliveries.fanOut()).toEqual(['1', '2'])
  })

  it('a deletion drops what waits of the user, also what cannot be read, and leaves all else as it waits', async () => {
    const { query, stores, bodies, deliveries } = await start()
    await query(insertUsers('gone', 'other'))
    const mixed = [...endedSessions('gone', 1), ...endedSessions('other', 1)]
    await query(insertRow(1, mixed))
    await query(insertRow(2, [...endedSessions('gone', 2)]))
    await query(insertRow(3, `[{"gone"`))
    await query(insertRow(4, [{ type: 'user.born', userId: 'gone' }, ...endedSessions('other', 1)]))
    await query(insertRow(5, '[{"other"'))
    await stores.users.remove('gone')
    expect(await bodies()).toEqual([])
    const rows = await query('select id, events from webhook_outbox order by id')
    expect(rows.map(({ id }) => Number(id)).slice(0, 3)).toEqual([1, 4, 5])
    expect(rows).toHaveLength(4)
    expect(
      rows
        .slice(0, 3)
        .map(({ events }) => String(events))
        .join(),
    ).not.toContain('gone')
    expect(await deliveries.fanOut()).toEqual(['5'])
    expect((await bodies()).map(({ userId }) => userId)).toEqual(['other', 'other', 'gone'])
  })

  it('a deletion forgets the user also in a row whose events of the user were fanned out', async () => {
    const { query, stores, deliveries } = await start()
    await query(insertUsers('gone', 'other'))
    const unknown = { type: 'user.born', userId: 'other' }
    await query(insertRow(1, [...endedSessions('gone', 1), unknown]))
    await query(
      `update webhook_outbox set users = '[["gone","external","user"],["other",null,"user"]]'`,
    )
    expect(await deliveries.fanOut()).toEqual(['1'])
    await stores.users.remove('gone')
    expect(await query('select events, users from webhook_outbox where id = 1')).toEqual([
      { events: JSON.stringify([unknown]), users: '[["other",null,"user"]]' },
    ])
  })

  it('however much waits of one user, what is due is the first of it, and a failed attempt changes that alone', async () => {
    const { query, deliveries } = await start()
    for (const id of [1, 2, 3]) await query(insertRow(id, endedSessions('much', 400)))
    await query(insertRow(4, endedSessions('other', 1)))
    await deliveries.fanOut()
    const due = `select count(*) as due from webhook_deliveries where due_at <= ${now + 1}`
    const countDue = async () => Number((await query(due))[0]?.['due'])
    expect(await countDue()).toBe(2)
    const lease = { webhookId: 'w0', now, leaseUntil: now + 1_000, limit: 1 }
    const [first] = await deliveries.claim({ ...lease, lease: 'a' })
    const retry = { outcome: 'retry', dueAt: now + 1, error: 'x' } as const
    await deliveries.settle('a', [{ id: first?.id ?? '', ...retry }], now)
    expect(await countDue()).toBe(2)
    const claimed = await deliveries.claim({ ...lease, now: now + 1, lease: 'b', limit: 9 })
    expect(claimed).toHaveLength(2)
    const outcomes = claimed.map(({ id }) => ({ id, outcome: 'delivered' }) as const)
    await deliveries.settle('b', outcomes, now + 1)
    expect(await countDue()).toBe(1)
  })

  it('a sweep gives up all that is too much, and deletes what was given up of removed webhooks', async () => {
    const { query, deliveries } = await start()
    await query(
      `insert into webhook_deliveries
         (event_id, webhook_id, type, person_id, user_id, occurred_at, body, due_at, pending_since, dead_at)
       with recursive n(i) as (select 1 union all select i + 1 from n where i < ${maxPending + 5_000})
       select 'e' || i, case when i > 2500 then 'w0' else 'removed' end, 'user.created', 'u' || i, 'u' || i,
         1, '{}', 1, ${now} + i, case when i > 2500 then null else ${now} end from n`,
    )
    await deliveries.sweep(now)
    const counts = async (where: string) =>
      Number((await query(`select count(*) as n from webhook_deliveries where ${where}`))[0]?.['n'])
    expect(await counts('dead_at is null')).toBe(maxPending)
    expect(await counts(`webhook_id = 'removed'`)).toBe(0)
  })

  it('a webhook is removed with all deliveries, also more than one statement removes', async () => {
    const { query, stores, deliveries } = await start(2)
    await query(
      `insert into webhook_deliveries
         (event_id, webhook_id, type, person_id, user_id, occurred_at, body, due_at, pending_since, dead_at)
       with recursive n(i) as (select 1 union all select i + 1 from n where i < 10002)
       select 'e' || i, 'w' || (i % 2), 'user.created', 'u', 'u', 1, '{}', 1, 1,
         case when i < 3 then 1 end from n`,
    )
    expect(await stores.webhooks.remove('w1')).toBe(true)
    expect(await deliveries.counts()).toMatchObject({ pending: 5_000, dead: 1 })
    // As a process leaves them that is killed before the end.
    await query(`delete from webhooks where id = 'w0'`)
    await deliveries.sweep(1)
    expect(await deliveries.counts()).toMatchObject({ pending: 0, dead: 0 })
  })
}
