import type { WebhookDeliveryStore } from '@mianmi/core'
import type { DispatchLog } from './dispatch-log.ts'
import type { Judgement } from './judge-attempt.ts'

/** The pause in ms before a result is kept again after the store failed. */
const retryPause = 1_000

export interface DeliveryLease {
  readonly id: string
  /** Ms since the epoch. */
  readonly until: number
}

interface Batch {
  readonly lease: DeliveryLease
  readonly judgements: Judgement[]
}

export interface Settlements {
  /** Resolves when the result is kept, or when the lease is over: the delivery is then made once more. Never rejects. */
  keep(lease: DeliveryLease, judgement: Judgement): Promise<void>
  /** From now on a result that cannot be kept is given up at once: the lease ends by itself. */
  stopRetrying(): void
}

/**
 * Keeps the results of attempts in the store. Results that arrive while earlier ones are kept share a call for each lease,
 * so many attempts at the same time cost few transactions.
 */
export function createSettlements(
  deliveries: Pick<WebhookDeliveryStore, 'settle' | 'release'>,
  { now, log }: { now: () => number; log: DispatchLog },
): Settlements {
  let waiting = new Map<string, Batch>()
  let flush: Promise<void> | null = null
  let isRetrying = true

  const keepBatch = async ({ lease, judgements }: Batch): Promise<void> => {
    const outcomes = judgements.filter((judgement) => judgement.outcome !== 'release')
    const released = judgements.filter(({ outcome }) => outcome === 'release').map(({ id }) => id)
    for (;;) {
      try {
        if (outcomes.length > 0) await deliveries.settle(lease.id, outcomes, now())
        if (released.length > 0) await deliveries.release(lease.id, released)
        return
      } catch (err) {
        log.error({ err }, 'results of webhook deliveries cannot be stored')
        if (!isRetrying || now() + retryPause > lease.until) return
        await new Promise((resolve) => setTimeout(resolve, retryPause))
      }
    }
  }

  const flushAll = async (): Promise<void> => {
    // What ends in this turn of the event loop belongs to the batch.
    await new Promise(setImmediate)
    const batches = [...waiting.values()]
    waiting = new Map()
    flush = null
    await Promise.all(batches.map(keepBatch))
  }

  return {
    keep(lease, judgement) {
      const batch = waiting.get(lease.id) ?? { lease, judgements: [] }
      batch.judgements.push(judgement)
      waiting.set(lease.id, batch)
      flush ??= flushAll()
      return flush
    },
    stopRetrying() {
      isRetrying = false
    },
  }
}
