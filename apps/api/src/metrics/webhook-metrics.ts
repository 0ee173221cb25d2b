import { counter, gauge, type Metric } from './exposition.ts'

/** What is known of the deliveries to webhooks. */
export interface MeasuredWebhooks {
  /** Deliveries of all nodes that are not made yet, and that were given up. */
  readonly pending: number
  readonly dead: number
  /** Transactions whose events cannot be read, of all nodes. */
  readonly unreadable: number
  /** How long ago the event of the oldest pending one happened, in ms; 0 where there is none. */
  readonly oldestAgeMs: number
  /** The attempts of this process by outcome. */
  readonly attempts: ReadonlyMap<string, number>
}

export function createWebhookMetrics(): { metrics(measured: MeasuredWebhooks): Metric[] } {
  const attempts = counter({
    name: 'mianmi_webhook_attempts_total',
    help: 'Attempts at deliveries to webhooks, by outcome: delivered, or why it was not.',
  })
  return {
    metrics({ pending, dead, unreadable, oldestAgeMs, attempts: counts }) {
      for (const [outcome, count] of counts) attempts.of({ outcome }).value = count
      return [
        gauge({
          name: 'mianmi_webhook_pending',
          help: 'Deliveries to webhooks that are not made yet, of all nodes.',
          read: () => pending,
        }),
        gauge({
          name: 'mianmi_webhook_oldest_pending_seconds',
          help: 'How long ago the event of the oldest pending delivery happened.',
          read: () => oldestAgeMs / 1_000,
        }),
        gauge({
          name: 'mianmi_webhook_dead',
          help: 'Deliveries to webhooks that were given up and can be replayed, of all nodes.',
          read: () => dead,
        }),
        gauge({
          name: 'mianmi_webhook_unreadable',
          help: 'Transactions whose events cannot be read and were set aside, of all nodes.',
          read: () => unreadable,
        }),
        attempts,
      ]
    },
  }
}
