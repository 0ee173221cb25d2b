import type { WebhookDeliveryStore, WebhookSecrets } from '@mianmi/core'
import type { DispatchLog } from './dispatch-log.ts'
import { type Dispatcher, startDispatcher } from './dispatcher.ts'
import { createWebhookMeasures, type WebhookMeasures } from './measures.ts'
import { createSender } from './send-attempt.ts'

interface DeliverySettings {
  readonly secrets: Pick<WebhookSecrets, 'open'>
  /** Addresses and CIDR ranges that are not public and may be called. */
  readonly allowed: readonly string[]
  /** The clock of the store, ms since the epoch. */
  readonly now: () => number
}

export interface Deliveries {
  readonly measures: WebhookMeasures['read']
  /** Starts to send what is due. */
  start(log: DispatchLog): Dispatcher
}

/** Composes what sends deliveries to webhooks. It is measured before it is started. */
export function openDeliveries(
  deliveries: WebhookDeliveryStore,
  { secrets, allowed, now }: DeliverySettings,
): Deliveries {
  const { count: onAttempt, read: measures } = createWebhookMeasures(deliveries, now)
  const send = createSender({ allowed, now })
  return {
    measures,
    start: (log) =>
      startDispatcher({ deliveries, openSecret: secrets.open, send, now, log, onAttempt }),
  }
}
