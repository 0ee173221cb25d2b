import type { WebhookDeliveryStore, WebhookSecrets } from '@mianmi/core'
import type { DispatchLog } from './dispatch-log.ts'
import { type Dispatcher, startDispatcher } from './dispatcher.ts'
import type { WebhookMeasures } from './measures.ts'
import { createSender } from './send-attempt.ts'

interface StartedDeliveries {
  readonly deliveries: WebhookDeliveryStore
  readonly secrets: Pick<WebhookSecrets, 'open'>
  readonly measures: Pick<WebhookMeasures, 'count'>
  /** Addresses and CIDR ranges that are not public and may be called. */
  readonly allowed: readonly string[]
  /** The clock of the store, ms since the epoch. */
  readonly now: () => number
  readonly log: DispatchLog
}

/** Starts to send what is due to webhooks. */
export function startDeliveries(options: StartedDeliveries): Dispatcher {
  const { deliveries, secrets, measures, allowed, now, log } = options
  const send = createSender({ allowed, now })
  return startDispatcher({
    deliveries,
    openSecret: secrets.open,
    send,
    now,
    log,
    onAttempt: measures.count,
  })
}
