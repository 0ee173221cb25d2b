import type { DeliveryCounts, WebhookDeliveryStore } from '@mianmi/core'
import type { AttemptOutcome } from './send-attempt.ts'

/** How old counts may be, in ms: counting reads up to `maxCounted` rows. */
const countsMaxAge = 10_000
/** How long a reader waits for counts in ms. Metrics must be readable while the database is away. */
const longestWait = 500

/** What is pending and dead as the store has it, and the attempts of this process. */
export interface WebhookMeasures {
  count(outcome: AttemptOutcome): void
  /** Counts that are up to `countsMaxAge` old, or older ones where the store does not answer. Never rejects. */
  read(): Promise<{
    readonly pending: number
    readonly dead: number
    readonly unreadable: number
    readonly oldestAgeMs: number
    readonly attempts: ReadonlyMap<AttemptOutcome, number>
  }>
}

export function createWebhookMeasures(
  deliveries: Pick<WebhookDeliveryStore, 'counts'>,
  now: () => number,
): WebhookMeasures {
  const attempts = new Map<AttemptOutcome, number>()
  let counts: DeliveryCounts = { pending: 0, oldestAt: null, dead: 0, waiting: 0, unreadable: 0 }
  let countedAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | null = null
  const refresh = async (): Promise<void> => {
    try {
      counts = await deliveries.counts()
      countedAt = now()
    } catch {
      // The database is away, which `/readyz` says.
    } finally {
      reading = null
    }
  }
  return {
    count: (outcome) => void attempts.set(outcome, (attempts.get(outcome) ?? 0) + 1),
    async read() {
      if (Math.abs(now() - countedAt) > countsMaxAge) {
        reading ??= refresh()
        await Promise.race([
          reading,
          new Promise((resolve) => setTimeout(resolve, longestWait).unref()),
        ])
      }
      const { pending, dead, unreadable, oldestAt } = counts
      const oldestAgeMs = oldestAt === null ? 0 : Math.max(0, now() - oldestAt)
      return { pending, dead, unreadable, oldestAgeMs, attempts }
    },
  }
}
