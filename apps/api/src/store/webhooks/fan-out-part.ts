import { isAskedFor } from './asked-for.ts'
import type { FannedOutEvent, ReadRow } from './outbox-row.ts'

/** What decides which events a webhook is sent. */
export interface RoutedWebhook {
  readonly id: string
  /** As `writeEventNames` writes them. */
  readonly events: string
  readonly disabledAt: number | null
}

export const routedColumns = 'id, events, disabled_at as "disabledAt"'

export interface RoutedEvent extends FannedOutEvent {
  readonly webhookIds: readonly string[]
}

/** A row of which something is left, and the events that it then has. */
export interface LeftRow {
  readonly id: number
  readonly events: string
}

/** What one transaction fans out. */
export interface FanOutPart {
  /** In their order. */
  readonly events: readonly RoutedEvent[]
  /** The rows of which nothing is left. */
  readonly done: readonly number[]
  /** The row of which the first events are in this part only; null where there is none. */
  readonly rest: LeftRow | null
  /** The rows with something that cannot be read, which is left. */
  readonly setAside: readonly LeftRow[]
}

/**
 * Plans a part by the deliveries that it makes: they decide how long the transaction takes, which blocks others, while a row has
 * any number of events, and an event up to `maxWebhooks` deliveries. One event is a part at least.
 *
 * @param rows in their order; they are read as far as they are needed
 */
export function planPart(
  rows: Iterable<ReadRow>,
  webhooks: readonly RoutedWebhook[],
  mostDeliveries: number,
): FanOutPart {
  const events: RoutedEvent[] = []
  const done: number[] = []
  const setAside: LeftRow[] = []
  let deliveries = 0
  for (const { id, unreadable, fanOut, ...row } of rows) {
    for (const [index, event] of row.events.entries()) {
      const fannedOut = fanOut(event)
      if (fannedOut === null) continue
      const webhookIds = idsOfAsking(webhooks, fannedOut)
      if (deliveries > 0 && deliveries + webhookIds.length > mostDeliveries) {
        const left = [...row.events.slice(index), ...(JSON.parse(unreadable ?? '[]') as unknown[])]
        const rest = index === 0 ? null : { id, events: JSON.stringify(left) }
        return { events, done, rest, setAside }
      }
      deliveries += webhookIds.length
      if (webhookIds.length > 0) events.push({ ...fannedOut, webhookIds })
    }
    if (unreadable === null) done.push(id)
    else setAside.push({ id, events: unreadable })
  }
  return { events, done, rest: null, setAside }
}

const idsOfAsking = (
  webhooks: readonly RoutedWebhook[],
  { type }: Pick<FannedOutEvent, 'type'>,
): string[] =>
  webhooks
    .filter(({ events, disabledAt }) => {
      const [enabled, disabled] = disabledAt === null ? [events, null] : [null, events]
      return isAskedFor({ enabled, disabled }, type)
    })
    .map(({ id }) => id)
