import { webhookEventTypes } from '@mianmi/core'
import { conflictKey } from '@mianmi/core/admin'
import type pg from 'pg'
import { beforeAll, expect, it } from 'vitest'
import { notDue } from '../../../src/store/webhooks/not-due.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { explore } from './interleaving.ts'
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
  rules,
  type TestNode,
  unique,
} from './nodes.ts'
import { insertIdentities, insertSessions, insertUsers } from './scene-rows.ts'

/** Two users with one unionid, each with a session, and a webhook that asks for everything. */
interface Scene {
  readonly webhookId: string
  readonly userId: string
  readonly sessionId: string
  readonly otherId: string
  readonly unionid: string
}

async function prepare(client: pg.Client): Promise<Scene> {
  await client.query(
    'delete from users; delete from tickets; delete from unionid_conflicts; delete from webhooks; delete from webhook_deliveries; delete from webhook_outbox',
  )
  const scene = {
    ...{ webhookId: unique('webhook'), userId: unique('user'), sessionId: unique('session') },
    ...{ otherId: unique('user'), unionid: unique('unionid') },
  }
  const { webhookId, userId, sessionId, otherId, unionid } = scene
  await client.query(
    `insert into webhooks (id, url, events, sealed_secret, created_at)
     values ($1, 'https://receiver.example/', $2, 'sealed', $3)`,
    [webhookId, webhookEventTypes.join(' '), now],
  )
  await insertUsers(client, [userId, otherId])
  await insertIdentities(client, [
    { appId: 'wx1', openid: userId, userId, unionid },
    { appId: 'wx2', openid: otherId, userId: otherId, unionid },
  ])
  await insertSessions(client, [
    { id: sessionId, userId, appId: 'wx1' },
    { id: unique('session'), userId: otherId, appId: 'wx2' },
  ])
  const { firstUserId, secondUserId } = conflictKey({
    ...{ unionid, firstUserId: userId, secondUserId: otherId },
  })
  await client.query(
    `insert into unionid_conflicts (unionid, first_user_id, second_user_id, detected_at)
     values ($1, $2, $3, $4)`,
    [unionid, firstUserId, secondUserId, now],
  )
  // Something that is pending, of each user.
  await client.query(
    `insert into webhook_deliveries
       (event_id, webhook_id, type, person_id, user_id, occurred_at, body, due_at, pending_since)
     select 'evt_' || id, $1, 'user.created', id, id, $2, '{}', $2, $2 from users`,
    [webhookId, now],
  )
  // Something that waits for it, of each user.
  await client.query(
    `insert into webhook_deliveries
       (event_id, webhook_id, type, person_id, user_id, occurred_at, body, due_at, pending_since)
     select 'evt_2_' || id, $1, 'user.updated', id, id, $2, '{}', $3, $2 from users`,
    [webhookId, now, notDue],
  )
  // Something that was given up, of one.
  await client.query(
    `insert into webhook_deliveries (seq, event_id, webhook_id, type, person_id, user_id, occurred_at,
       body, due_at, pending_since, dead_at)
     values (-1, 'evt_dead', $1, 'user.updated', $2, $2, $3, '{}', $3, $3, $3)`,
    [webhookId, userId, now],
  )
  // Something that waits for the fan-out, of each user.
  await client.query(
    `insert into webhook_outbox (at, events, users)
     select $1, json_build_array(json_build_object('type', 'user.disabled', 'userId', id))::text,
       json_build_array(json_build_array(id, null, 'user'))::text from users`,
    [now],
  )
  return scene
}

type Verb = (node: TestNode, scene: Scene) => Promise<unknown>

const verbs = {
  'a deletion': ({ stores }, { userId }) => stores.people.remove(userId),
  'a sign-out': ({ stores }, { userId, sessionId }) =>
    stores.sessions.end({ id: sessionId, userId }),
  'a changed profile': ({ stores }, { userId, sessionId }) =>
    stores.users.updateProfile({ sessionId, userId, now }, { nickname: 'Ming' }),
  'a binding': ({ stores }, { userId }) =>
    stores.identities.bind({
      claim: { identity: newIdentity({ appId: 'wx3' }), ticketHash: null },
      ...{ userId, passwordHash: 'hash', session: newSession({ appId: 'wx3' }) },
    }),
  'a disabling by a service': ({ stores }, { userId }) =>
    stores.serviceUsers.update(userId, { disabled: true, externalId: unique('id'), at: now }),
  'a merge': ({ stores }, { userId, otherId, unionid }) =>
    stores.merges.merge(
      {
        ...conflictKey({ unionid, firstUserId: userId, secondUserId: otherId }),
        keepUserId: otherId,
      },
      { id: unique('merge'), adminId: 'root', at: now, undoUntil: now + hour, rules },
    ),
  'a delivery': async ({ stores: { webhookDeliveries } }, { webhookId }) => {
    const lease = unique('lease')
    const request = { webhookId, lease, now, leaseUntil: now + hour, limit: 9 }
    const claimed = await webhookDeliveries.claim(request)
    const outcomes = claimed.map(({ id }) => ({ id, outcome: 'delivered' }) as const)
    await webhookDeliveries.settle(lease, outcomes, now)
  },
  'a failed delivery': async ({ stores: { webhookDeliveries } }, { webhookId }) => {
    const lease = unique('lease')
    const request = { webhookId, lease, now, leaseUntil: now + hour, limit: 9 }
    const claimed = await webhookDeliveries.claim(request)
    const retry = { outcome: 'retry', dueAt: now + hour, error: 'HTTP 500' } as const
    await webhookDeliveries.settle(
      lease,
      claimed.map(({ id }) => ({ id, ...retry })),
      now,
    )
  },
  'a replay': ({ stores }, { webhookId }) => stores.webhooks.replay({ webhookId }, now),
  'a fan-out': ({ stores }) => stores.webhookDeliveries.fanOut(),
  'the disabling of the webhook': ({ stores }, { webhookId }) =>
    stores.webhooks.update({ id: webhookId, enabled: false, at: now }, null),
  'the removal of the webhook': ({ stores }, { webhookId }) => stores.webhooks.remove(webhookId),
} satisfies Record<string, Verb>

const pairs: readonly (readonly [keyof typeof verbs, keyof typeof verbs])[] = [
  ['a deletion', 'a sign-out'],
  ['a deletion', 'a changed profile'],
  ['a deletion', 'a binding'],
  ['a deletion', 'a disabling by a service'],
  ['a deletion', 'a merge'],
  ['a deletion', 'a delivery'],
  ['a deletion', 'a failed delivery'],
  ['a deletion', 'the removal of the webhook'],
  ['a deletion', 'a replay'],
  ['a merge', 'a delivery'],
  ['a merge', 'a replay'],
  ['a merge', 'a sign-out'],
  ['a merge', 'a changed profile'],
  ['a merge', 'a failed delivery'],
  ['a failed delivery', 'a changed profile'],
  ['a fan-out', 'a deletion'],
  ['a fan-out', 'a merge'],
  ['a fan-out', 'a changed profile'],
  ['a fan-out', 'a failed delivery'],
  ['a fan-out', 'a delivery'],
  ['a fan-out', 'a replay'],
  ['a fan-out', 'a fan-out'],
  ['a replay', 'a delivery'],
  ['a replay', 'a failed delivery'],
  ['a fan-out', 'the disabling of the webhook'],
  ['a fan-out', 'the removal of the webhook'],
]

/** Nothing is fanned out twice, and all that was written before the webhook was disabled or removed is fanned out. */
async function requireFannedOut(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    `select u.id from users u join webhooks w on true left join webhook_deliveries d
       on d.user_id = u.id and d.webhook_id = w.id and d.type = 'user.disabled'
         and position('"' || u.id || '"' in d.body) > 0
     where u.disabled_at is null group by u.id having count(d.seq) <> 1`,
  )
  expect(rows).toEqual([])
}

/** A webhook that was removed leaves nothing to the sweep. */
async function requireNoOrphans(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    `select 1 from webhook_deliveries d
     where not exists (select 1 from webhooks w where w.id = d.webhook_id)`,
  )
  expect(rows).toEqual([])
}

/** The first delivery of each person is due some time: nothing else would make it so. */
async function requireDueHeads(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    `select 1 from webhook_deliveries d where d.dead_at is null and d.due_at = $1
       and not exists (select 1 from webhook_deliveries e where e.person_id = d.person_id
         and e.webhook_id = d.webhook_id and e.seq < d.seq and e.dead_at is null)`,
    [notDue],
  )
  expect(rows).toEqual([])
}

/** Each session that went is told, unless its user went with it. */
async function requireToldSessions(client: pg.Client, { webhookId }: Scene): Promise<void> {
  const { rows } = await client.query(
    `select 1 from webhooks where id = $1 and exists (
       select 1 from users u where not exists (select 1 from sessions s where s.user_id = u.id)
         and not exists (select 1 from webhook_deliveries d
           where d.type = 'session.ended' and d.user_id = u.id))`,
    [webhookId],
  )
  expect(rows).toEqual([])
}

describePostgres('the events of two nodes at once', () => {
  let url = ''
  beforeAll(async () => {
    url = await createTestDatabase()
  })

  it.each(pairs)('%s and %s', async (one, other) => {
    const isSent = [one, other].includes('a delivery')
    const { stores } = await openNode(url)
    await explore(url, {
      prepare,
      one: verbs[one],
      other: verbs[other],
      check: async ({ client, scene }) => {
        await stores.webhookDeliveries.fanOut()
        await requireNoOrphans(client)
        await requireDueHeads(client)
        if (!isSent) await requireFannedOut(client)
        if (!isSent) await requireToldSessions(client, scene)
      },
    })
  })

  it('every change of four nodes is told once, and each user in order, while three nodes send', async () => {
    const client = await openClient(url)
    const { webhookId } = await prepare(client)
    await client.query('delete from webhook_deliveries; delete from webhook_outbox')
    const nodes = await openNodes(url, 4)
    const people = await race(8, (index) => register(nodes[index % 4] as TestNode))
    let isWriting = true
    const sent = new Map<string, string[]>()
    const send = async ({ stores: { webhookDeliveries } }: TestNode): Promise<void> => {
      for (;;) {
        const isLast = !isWriting
        await webhookDeliveries.fanOut()
        const lease = unique('lease')
        const request = { webhookId, lease, now, leaseUntil: now + hour, limit: 3 }
        const claimed = await webhookDeliveries.claim(request)
        for (const { body } of claimed) {
          const { type, data } = JSON.parse(body) as { type: string; data: { userId: string } }
          const told = sent.get(data.userId) ?? []
          sent.set(data.userId, [...told, `${type} ${JSON.stringify(data)}`])
        }
        const outcomes = claimed.map(({ id }) => ({ id, outcome: 'delivered' }) as const)
        await webhookDeliveries.settle(lease, outcomes, now)
        if (isLast && claimed.length === 0) return
      }
    }
    const senders = nodes.slice(1).map(send)
    await race(8, async (index) => {
      const { userId } = people[index] ?? { userId: '' }
      for (let count = 0; count < 6; count++)
        await (nodes[count % 4] as TestNode).stores.serviceUsers.update(userId, {
          ...{ externalId: `${index} ${count}`, at: now },
        })
    })
    isWriting = false
    await Promise.all(senders)
    for (const [index, { userId }] of people.entries()) {
      const told = sent.get(userId) ?? []
      expect(told.map((text) => text.split(' ')[0])).toEqual([
        ...['user.created', 'identity.bound'],
        ...Array(6).fill('user.updated'),
      ])
      const ids = told.slice(2).map((text) => /"externalId":"([^"]*)"/.exec(text)?.[1])
      expect(ids).toEqual(Array.from({ length: 6 }, (_, count) => `${index} ${count}`))
    }
  })
})
