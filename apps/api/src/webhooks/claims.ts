import { randomUUID } from 'node:crypto'
import { type Circuits, createCircuits } from './circuit.ts'
import { createDeliveryMaker, type DeliveryPorts } from './make-delivery.ts'
import { attemptTimeout } from './send-attempt.ts'
import { createSettlements } from './settlements.ts'

/** Most attempts under way for one webhook. With `maxWebhooks` webhooks it bounds all of them, and none waits for another. */
export const mostOfOneWebhook = 16
/**
 * How long others cannot get a claimed delivery, in ms: the time for an attempt, and for keeping its result. What a killed
 * process had claimed waits this long.
 */
const leaseLength = attemptTimeout + 10_000

export interface Claims {
  /** When a webhook may be called again; null where it is not paused. */
  readonly pausedUntil: Circuits['pausedUntil']
  /** Keeps the failures of these webhooks, and forgets those of others. */
  readonly keepOnly: Circuits['keepOnly']
  /** Claims as much of a webhook as there is room for, and makes an attempt at each delivery. `onEnd` is called after each. */
  claim(webhookId: string, onEnd: () => void): Promise<void>
  /** Resolves when no attempt is under way. Those that take longer than `grace` ms are ended and given back. */
  end(grace: number): Promise<void>
}

export function createClaims(ports: DeliveryPorts): Claims {
  const { deliveries, now, log } = ports
  const settlements = createSettlements(deliveries, { now, log })
  const circuits = createCircuits(log)
  const makeDelivery = createDeliveryMaker(ports, { circuits, settlements })
  const inFlight = new Map<string, number>()
  const attempts = new Set<Promise<void>>()
  const abort = new AbortController()
  const occupy = (webhookId: string, change: 1 | -1): void => {
    const count = (inFlight.get(webhookId) ?? 0) + change
    if (count === 0) inFlight.delete(webhookId)
    else inFlight.set(webhookId, count)
  }
  return {
    pausedUntil: circuits.pausedUntil,
    keepOnly: circuits.keepOnly,
    async claim(webhookId, onEnd) {
      const at = now()
      const room = circuits.limit(webhookId, at, mostOfOneWebhook)
      const limit = room - (inFlight.get(webhookId) ?? 0)
      if (limit <= 0) return
      const lease = { id: randomUUID(), until: at + leaseLength }
      const request = { webhookId, lease: lease.id, now: at, leaseUntil: lease.until, limit }
      for (const delivery of await deliveries.claim(request)) {
        occupy(webhookId, 1)
        const attempt = makeDelivery(delivery, lease, abort.signal).then(() => {
          occupy(webhookId, -1)
          attempts.delete(attempt)
          onEnd()
        })
        attempts.add(attempt)
      }
    },
    async end(grace) {
      settlements.stopRetrying()
      const timer = setTimeout(() => abort.abort(), grace)
      await Promise.all(attempts)
      clearTimeout(timer)
    },
  }
}
