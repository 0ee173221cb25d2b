import { describe, expect, it } from 'vitest'
import {
  deadRetention,
  disabledRetention,
  maxDeliveryError,
  maxPendingAge,
  type WebhookDeliveryStore,
} from '../../../src/index.ts'
import { hour, minute, now, race, registerUser, unique } from '../drafts.ts'
import type { MakeStores } from '../stores.ts'
import { countsOf as counts, fanOutConforms, openQueue } from './fan-out.ts'
import {
  addWebhook,
  claim,
  claimAndSettle,
  deliverAll,
  hookUrl,
  newWebhook,
} from './webhook-drafts.ts'

export function describeWebhookDeliveryStore(make: MakeStores): void {
  describe('the store of webhook deliveries', () => {
    describe('fanOut', () => fanOutConforms(make))
    describe('claim', () => claimConforms(make))
    describe('settle', () => settleConforms(make))
    describe('sweep', () => sweepConforms(make))
  })
}

function claimConforms(make: MakeStores): void {
  it('returns what is to be sent, signed and counted', async () => {
    const stores = await make()
    const webhook = newWebhook()
    await stores.webhooks.create(webhook, null)
    const { user } = await registerUser(stores)
    const [delivery] = await claim(stores, webhook.id)
    expect(delivery).toMatchObject({
      ...{ webhookId: webhook.id, type: 'user.created', url: webhook.url, attempts: 0 },
      sealedSecrets: [webhook.sealedSecret],
      occurredAt: now,
    })
    expect(delivery?.eventId).toMatch(/^evt_[\w-]+$/)
    const timestamp = new Date(now).toISOString()
    const data = { userId: user.id, externalId: null, appId: 'wx1' }
    expect(JSON.parse(delivery?.body ?? '')).toEqual({ type: 'user.created', timestamp, data })
  })

  it('gives one event the same id for each webhook, and other events other ids', async () => {
    const stores = await make()
    const ids = [await addWebhook(stores), await addWebhook(stores)]
    await registerUser(stores)
    await registerUser(stores)
    const claims = await Promise.all(ids.map((id) => claim(stores, id)))
    const [first, second] = claims.map((list) => list.map(({ eventId }) => eventId).sort())
    expect(new Set(first).size).toBe(2)
    expect(second).toEqual(first)
  })

  it('returns the oldest of each person only, the longest due first, up to the limit', async () => {
    const { stores, webhookId } = await openQueue(make)
    await registerUser(stores)
    await registerUser(stores)
    const claimed = [
      ...(await claim(stores, webhookId, { limit: 2 })),
      ...(await claim(stores, webhookId, { limit: 2 })),
    ]
    expect(claimed.map(({ type }) => type)).toEqual(Array(3).fill('user.created'))
    expect(await claim(stores, webhookId)).toEqual([])
  })

  it('gives each delivery to one of the callers that race', async () => {
    const { stores, webhookId } = await openQueue(make)
    for (let count = 0; count < 9; count++) await registerUser(stores)
    const claims = await race(8, () => claim(stores, webhookId, { limit: 3 }))
    const ids = claims.flat().map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const rest = await claim(stores, webhookId)
    expect(new Set([...ids, ...rest.map(({ id }) => id)]).size).toBe(10)
  })

  it('returns a delivery again when the lease is over', async () => {
    const { stores, webhookId } = await openQueue(make)
    const [first] = await claim(stores, webhookId)
    expect(await claim(stores, webhookId, { at: now + minute - 1 })).toEqual([])
    expect(await claim(stores, webhookId, { at: now + minute })).toMatchObject([
      { id: first?.id, eventId: first?.eventId, body: first?.body, attempts: 0 },
    ])
  })

  it('does not disable for an answer of an address that was changed since', async () => {
    const { stores, webhookId, deliveries } = await openQueue(make)
    const changed = { id: webhookId, url: 'https://other.example/hook', at: now }
    await stores.webhooks.update(changed, null)
    const gone = { webhookId, url: hookUrl, at: now }
    expect(await deliveries.disableGone(gone)).toBe(false)
    expect(await deliveries.disableGone({ ...gone, webhookId: 'unknown' })).toBe(false)
    expect(await stores.webhooks.list()).toMatchObject([{ disabledAt: null }])
    expect(await deliveries.disableGone({ ...gone, url: changed.url })).toBe(true)
    expect(await deliveries.disableGone({ ...gone, url: changed.url })).toBe(false)
  })

  it('returns none of a webhook that is disabled, gone or removed, and none before it is due', async () => {
    const { stores, webhookId, deliveries } = await openQueue(make)
    expect(await deliveries.due()).toMatchObject([
      { webhookId, dueAt: now, url: expect.stringMatching(/^https:/) },
    ])
    expect(await claim(stores, webhookId, { at: now - 1 })).toEqual([])
    expect(await deliveries.disableGone({ webhookId, url: hookUrl, at: now })).toBe(true)
    await registerUser(stores)
    expect(await stores.webhooks.list()).toMatchObject([
      { disabledAt: now, disabledReason: 'gone', pending: 2 },
    ])
    expect(await claim(stores, webhookId)).toEqual([])
    expect(await deliveries.due()).toEqual([])
    await stores.webhooks.update({ id: webhookId, enabled: true, at: now }, null)
    expect(await claim(stores, webhookId)).toHaveLength(1)
    expect(await stores.webhooks.remove(webhookId)).toBe(true)
    expect(await claim(stores, webhookId, { at: now + hour })).toEqual([])
    expect(await counts(stores)).toMatchObject({ pending: 0, oldestAt: null, dead: 0 })
  })

  it('leaves a released delivery to the next caller, and no other one', async () => {
    const { stores, webhookId, deliveries } = await openQueue(make)
    const lease = unique('lease')
    const [delivery] = await claim(stores, webhookId, { lease })
    const id = delivery?.id ?? ''
    await deliveries.release('another lease', [id])
    expect(await claim(stores, webhookId)).toEqual([])
    await deliveries.release(lease, [id])
    expect(await claim(stores, webhookId)).toMatchObject([{ id, attempts: 0 }])
  })
}

function settleConforms(make: MakeStores): void {
  it('of a delivered one makes the next of the person due', async () => {
    const { stores, webhookId } = await openQueue(make)
    expect(await claimAndSettle(stores, webhookId, { outcome: 'delivered' })).toMatchObject({
      type: 'user.created',
    })
    expect(await counts(stores)).toMatchObject({ pending: 1, oldestAt: now, dead: 0 })
    expect(await claim(stores, webhookId)).toMatchObject([{ type: 'identity.bound' }])
  })

  it('of a failed one holds back what comes after it of the person, and of no other', async () => {
    const { stores, webhookId, deliveries, userId } = await openQueue(make)
    const dueAt = now + hour
    const retry = { outcome: 'retry', dueAt, error: 'HTTP 500' } as const
    const first = await claimAndSettle(stores, webhookId, retry)
    await stores.serviceUsers.update(userId, { externalId: '42', at: now })
    expect(await claim(stores, webhookId, { at: dueAt - 1 })).toEqual([])
    expect(await deliveries.due()).toMatchObject([{ webhookId, dueAt }])
    expect(await stores.webhooks.list()).toMatchObject([{ pending: 3, lastError: 'HTTP 500' }])
    await registerUser(stores)
    expect(await claim(stores, webhookId)).toMatchObject([{ type: 'user.created', attempts: 0 }])
    const again = await claim(stores, webhookId, { at: dueAt })
    expect(again.find(({ id }) => id === first.id)).toMatchObject({
      ...{ attempts: 1, eventId: first.eventId, body: first.body },
    })
    const types = (await deliverAll(stores, webhookId, dueAt + hour)).map(({ type }) => type)
    const others = ['user.created', 'identity.bound']
    expect(types).toEqual(['user.created', 'identity.bound', 'user.updated', ...others])
  })

  it('of a dead one goes on with the next of the person', async () => {
    const { stores, webhookId } = await openQueue(make)
    const retry = { outcome: 'retry', dueAt: now + hour, error: 'HTTP 500' } as const
    await claimAndSettle(stores, webhookId, retry)
    const error = 'x'.repeat(maxDeliveryError + 1)
    await claimAndSettle(stores, webhookId, { outcome: 'dead', error, at: now + hour })
    expect(await counts(stores)).toMatchObject({ pending: 1, oldestAt: now, dead: 1 })
    const { items } = await stores.webhooks.dead({ limit: 9 })
    expect(items).toMatchObject([
      {
        type: 'user.created',
        attempts: 2,
        deadAt: now + hour,
        error: 'x'.repeat(maxDeliveryError),
      },
    ])
    expect(await claim(stores, webhookId, { at: now + hour })).toMatchObject([
      { type: 'identity.bound' },
    ])
  })

  it('changes nothing for a lease that another caller holds now', async () => {
    const { stores, webhookId, deliveries } = await openQueue(make)
    const lease = unique('lease')
    const [late] = await claim(stores, webhookId, { lease })
    const [current] = await claim(stores, webhookId, { at: now + hour })
    expect(current?.id).toBe(late?.id)
    const id = late?.id ?? ''
    await deliveries.settle(lease, [{ id, outcome: 'dead', error: 'x' }], now + hour)
    await deliveries.settle(lease, [{ id, outcome: 'delivered' }], now + hour)
    expect(await counts(stores)).toMatchObject({ pending: 2, oldestAt: now, dead: 0 })
  })

  it('of many callers that race loses nothing and sends each person in order', async () => {
    const { stores, webhookId } = await openQueue(make)
    const users = await race(6, () => registerUser(stores))
    for (const name of ['a', 'b', 'c'])
      await race(6, (index) =>
        stores.serviceUsers.update(users[index]?.user.id ?? '', {
          externalId: `${name}${index}`,
          at: now,
        }),
      )
    const sent = new Map<string, number[]>()
    await race(4, () => work(stores.webhookDeliveries, webhookId, sent))
    expect([...sent.values()].flat()).toHaveLength(2 + 6 * 5)
    for (const ids of sent.values()) expect(ids).toEqual([...ids].sort((a, b) => a - b))
    expect(await counts(stores)).toMatchObject({ pending: 0, dead: 0 })
  })
}

/** Delivers until nothing is pending. */
async function work(
  deliveries: WebhookDeliveryStore,
  webhookId: string,
  sent: Map<string, number[]>,
): Promise<void> {
  while ((await deliveries.counts()).pending > 0) {
    const lease = unique('lease')
    const leaseUntil = now + hour
    await deliveries.fanOut()
    const claimed = await deliveries.claim({ webhookId, lease, now, leaseUntil, limit: 2 })
    for (const { id, body } of claimed) {
      const { data } = JSON.parse(body) as { data: { userId: string } }
      sent.set(data.userId, [...(sent.get(data.userId) ?? []), Number(id)])
    }
    const outcomes = claimed.map(({ id }) => ({ id, outcome: 'delivered' }) as const)
    await deliveries.settle(lease, outcomes, now)
  }
}

function sweepConforms(make: MakeStores): void {
  it('gives up what has been pending for too long, and forgets it in time', async () => {
    const { stores, deliveries } = await openQueue(make)
    await deliveries.sweep(now + maxPendingAge - 1)
    expect(await counts(stores)).toMatchObject({ pending: 2, dead: 0 })
    const deadAt = now + maxPendingAge
    await deliveries.sweep(deadAt)
    expect(await counts(stores)).toMatchObject({ pending: 0, dead: 2 })
    await deliveries.sweep(deadAt + deadRetention - 1)
    expect(await counts(stores)).toMatchObject({ dead: 2 })
    await deliveries.sweep(deadAt + deadRetention)
    expect(await counts(stores)).toMatchObject({ dead: 0 })
  })

  it('lets an attempt that is under way end', async () => {
    const { stores, webhookId, deliveries } = await openQueue(make)
    const at = now + maxPendingAge
    await claim(stores, webhookId, { at })
    await deliveries.sweep(at)
    expect(await counts(stores)).toMatchObject({ pending: 1, dead: 1 })
    await deliveries.sweep(at + minute)
    expect(await counts(stores)).toMatchObject({ pending: 0, dead: 2 })
  })

  it('gives up what waits for a disabled webhook later, and not at once when it is enabled', async () => {
    const { stores, webhookId, deliveries } = await openQueue(make)
    const update = (enabled: boolean, at: number) =>
      stores.webhooks.update({ id: webhookId, enabled, at }, null)
    await update(false, now)
    const enabledAt = now + disabledRetention - 1
    await deliveries.sweep(enabledAt)
    expect(await counts(stores)).toMatchObject({ pending: 2, dead: 0 })
    await update(true, enabledAt)
    // Enabling again changes nothing.
    await update(true, enabledAt + maxPendingAge - 1)
    await deliveries.sweep(enabledAt + maxPendingAge - 1)
    expect(await counts(stores)).toMatchObject({ pending: 2, dead: 0 })
    await deliveries.sweep(enabledAt + maxPendingAge)
    expect(await counts(stores)).toMatchObject({ pending: 0, dead: 2 })
  })

  it('gives up what has waited for a disabled webhook for too long', async () => {
    const { stores, webhookId, deliveries } = await openQueue(make)
    await stores.webhooks.update({ id: webhookId, enabled: false, at: now }, null)
    await deliveries.sweep(now + disabledRetention)
    expect(await counts(stores)).toMatchObject({ pending: 0, dead: 2 })
  })

  it('counts the age of a replayed delivery from the replay', async () => {
    const { stores, webhookId, deliveries } = await openQueue(make)
    const at = now + maxPendingAge
    await deliveries.sweep(at)
    expect(await stores.webhooks.replay({ webhookId }, at)).toBe(2)
    await deliveries.sweep(at + 1)
    expect(await counts(stores)).toMatchObject({ pending: 2, dead: 0 })
  })

  it('makes due what a clock has written that was ahead, and is set back since', async () => {
    const stores = await make()
    const webhookId = await addWebhook(stores)
    await registerUser(stores)
    const { webhookDeliveries: deliveries } = stores
    const ahead = now + 365 * 24 * hour
    const retry = { outcome: 'retry', dueAt: ahead + hour, error: 'x' } as const
    await claimAndSettle(stores, webhookId, { ...retry, at: ahead })
    await registerUser(stores)
    // Its process was killed.
    expect(await claim(stores, webhookId, { at: ahead, limit: 1 })).toHaveLength(1)
    expect(await claim(stores, webhookId)).toEqual([])
    await deliveries.sweep(now)
    expect(await deliverAll(stores, webhookId)).toHaveLength(4)
  })

  it('ends a secret that signs no more', async () => {
    const { stores, webhookId, deliveries } = await openQueue(make)
    const rotation = { id: webhookId, sealedSecret: 'next', previousUntil: now + hour }
    await stores.webhooks.rotate(rotation, null)
    await deliveries.sweep(now + hour - 1)
    expect(await stores.webhooks.list()).toMatchObject([{ previousSecretUntil: now + hour }])
    await deliveries.sweep(now + hour)
    expect(await stores.webhooks.list()).toMatchObject([{ previousSecretUntil: null }])
  })
}
