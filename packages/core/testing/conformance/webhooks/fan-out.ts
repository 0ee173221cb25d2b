import { expect, it } from 'vitest'
import type { DeliveryCounts, WebhookDeliveryStore } from '../../../src/index.ts'
import { newUser, now, race, registerUser } from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'
import { addWebhook, deliverAll, hookUrl } from './webhook-drafts.ts'

/** The deliveries of a user: `user.created`, then `identity.bound`. */
export async function openQueue(make: MakeStores): Promise<{
  stores: TestedStores
  webhookId: string
  userId: string
  deliveries: WebhookDeliveryStore
}> {
  const stores = await make()
  const webhookId = await addWebhook(stores)
  const { user } = await registerUser(stores)
  await stores.webhookDeliveries.fanOut()
  return { stores, webhookId, userId: user.id, deliveries: stores.webhookDeliveries }
}

export const countsOf = ({ webhookDeliveries }: TestedStores): Promise<DeliveryCounts> =>
  webhookDeliveries.counts()

export function fanOutConforms(make: MakeStores): void {
  it('makes each event a delivery once, of callers that race too, and what waits for it is counted', async () => {
    const stores = await make()
    const webhookId = await addWebhook(stores)
    await registerUser(stores, { user: newUser({ createdAt: now }) })
    const { pending, waiting, oldestAt } = await countsOf(stores)
    expect({ isWaiting: pending > 0, oldestAt }).toEqual({ isWaiting: true, oldestAt: now })
    expect(await stores.webhooks.backlog()).toEqual({ waiting, unreadable: 0 })
    expect(waiting).toBe(pending)
    await race(4, () => stores.webhookDeliveries.fanOut())
    await stores.webhookDeliveries.fanOut()
    expect(await countsOf(stores)).toEqual({
      ...{ pending: 2, oldestAt: now, dead: 0 },
      ...{ waiting: 0, unreadable: 0 },
    })
    expect(await deliverAll(stores, webhookId)).toHaveLength(2)
  })

  it('keeps to the webhooks as they were at the time of the event', async () => {
    const stores = await make()
    const webhookId = await addWebhook(stores, ['user.created'])
    const update = (change: object) =>
      stores.webhooks.update({ id: webhookId, at: now, ...change }, null)
    await registerUser(stores)
    const later = await addWebhook(stores)
    await update({ events: ['user.disabled'] })
    const { user } = await registerUser(stores)
    await stores.people.disable(user.id, now)
    await update({ enabled: false })
    await stores.people.enable(user.id)
    await update({ enabled: true, events: ['user.enabled'] })
    const types = async (id: string) => (await deliverAll(stores, id)).map(({ type }) => type)
    expect(await types(webhookId)).toEqual(['user.created', 'user.disabled'])
    expect(await types(later)).toEqual([
      ...['user.created', 'identity.bound', 'user.disabled', 'session.ended', 'user.enabled'],
    ])
  })

  it('leaves to a webhook whose receiver is gone what was written before', async () => {
    const { stores, webhookId, deliveries, userId } = await openQueue(make)
    await stores.serviceUsers.update(userId, { externalId: '42', at: now })
    expect(await deliveries.disableGone({ webhookId, url: hookUrl, at: now })).toBe(true)
    await stores.serviceUsers.update(userId, { externalId: '43', at: now })
    await stores.webhooks.update({ id: webhookId, enabled: true, at: now }, null)
    expect(await deliverAll(stores, webhookId)).toMatchObject([
      ...[{ type: 'user.created' }, { type: 'identity.bound' }],
      { type: 'user.updated', externalId: '42' },
    ])
  })

  it('tells the external id as it was at the time of the event', async () => {
    const { stores, webhookId, userId } = await openQueue(make)
    for (const externalId of ['1', '2'])
      await stores.serviceUsers.update(userId, { externalId, at: now })
    const events = await deliverAll(stores, webhookId)
    expect(events.slice(2)).toMatchObject([{ externalId: '1' }, { externalId: '2' }])
  })
}
