import type { NewWebhook } from '../../../src/admin/index.ts'
import {
  type ClaimedDelivery,
  type DeliveryOutcome,
  type WebhookEventType,
  webhookEventTypes,
} from '../../../src/index.ts'
import { minute, now, unique } from '../drafts.ts'
import type { TestedStores } from '../stores.ts'

/** The address of each webhook, where a test changes nothing of it. */
export const hookUrl = 'https://receiver.example/hook'

export const newWebhook = (change: Partial<NewWebhook> = {}): NewWebhook => ({
  id: unique('webhook'),
  url: hookUrl,
  events: webhookEventTypes,
  sealedSecret: unique('sealed'),
  at: now,
  ...change,
})

/** Creates a webhook and returns its id. */
export async function addWebhook(
  { webhooks }: TestedStores,
  events: readonly WebhookEventType[] = webhookEventTypes,
): Promise<string> {
  const webhook = newWebhook({ events })
  const result = await webhooks.create(webhook, null)
  if (result !== 'created') throw new Error(`the webhook was refused: ${result}`)
  return webhook.id
}

/** Fans out what was written, and claims deliveries at a time, for a minute. */
export async function claim(
  { webhookDeliveries }: TestedStores,
  webhookId: string,
  {
    at = now,
    lease = unique('lease'),
    limit = 100,
  }: { at?: number; lease?: string; limit?: number } = {},
): Promise<readonly ClaimedDelivery[]> {
  const leaseUntil = at + minute
  await webhookDeliveries.fanOut()
  return webhookDeliveries.claim({ webhookId, lease, now: at, leaseUntil, limit })
}

/** Claims one delivery and keeps what became of it. */
export async function claimAndSettle(
  stores: TestedStores,
  webhookId: string,
  { at = now, ...outcome }: DeliveryFate & { at?: number },
): Promise<ClaimedDelivery> {
  const lease = unique('lease')
  const [delivery] = await claim(stores, webhookId, { at, lease, limit: 1 })
  if (delivery === undefined) throw new Error('nothing is due')
  await stores.webhookDeliveries.settle(lease, [{ id: delivery.id, ...outcome }], at)
  return delivery
}

type DeliveryFate =
  | { outcome: 'delivered' }
  | { outcome: 'retry'; dueAt: number; error: string }
  | { outcome: 'dead'; error: string }

/** Delivers all that is due, and returns the bodies in the order of the events, without their times. */
export async function deliverAll(
  stores: TestedStores,
  webhookId: string,
  at: number = now,
): Promise<Record<string, unknown>[]> {
  const delivered: ClaimedDelivery[] = []
  for (;;) {
    const lease = unique('lease')
    const claimed = await claim(stores, webhookId, { at, lease })
    if (claimed.length === 0) break
    const outcomes = claimed.map(({ id }): DeliveryOutcome => ({ id, outcome: 'delivered' }))
    await stores.webhookDeliveries.settle(lease, outcomes, at)
    delivered.push(...claimed)
  }
  return delivered.sort((a, b) => Number(a.id) - Number(b.id)).map(({ body }) => eventOf(body))
}

/** The type and the data of a body. */
export function eventOf(body: string): Record<string, unknown> {
  const { type, data } = JSON.parse(body) as { type: string; data: object }
  return { type, ...data }
}
