import { createClaims } from './claims.ts'
import { createFanOuts, storePause } from './fan-outs.ts'
import type { DeliveryPorts } from './make-delivery.ts'

/** The longest time in ms between two looks at what is due: finds what another process wrote and could not send. */
const pollInterval = 5_000
const sweepInterval = 60_000

export interface Dispatcher {
  /** Fans out what was written, and sends what is due. To be called when events were written. */
  wake(): void
  /**
   * Claims no further delivery. Attempts under way may end within `grace` ms; the others are ended and given back.
   * Resolves when all results are kept. Allowed twice.
   */
  stop(grace: number): Promise<void>
}

/**
 * Sends what is due to webhooks, at least once each. The store hands out the deliveries of one person to one webhook one
 * after the other, so their order holds over all nodes. While nothing is due, only small reads run in `pollInterval`.
 */
export function startDispatcher(ports: DeliveryPorts): Dispatcher {
  const { deliveries, now, log } = ports
  const claims = createClaims(ports)
  const fanOuts = createFanOuts(ports, lookAgain)
  let isStopping = false
  let isWoken = false
  let turn: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  /** Claims what may be sent now. Returns when to look again, in ms since the epoch. */
  const look = async (): Promise<number> => {
    const due = await deliveries.due()
    claims.keepOnly(due)
    const at = now()
    let next = at + pollInterval
    const claimed: Promise<void>[] = []
    for (const { webhookId, dueAt } of due) {
      const start = Math.max(dueAt, claims.pausedUntil(webhookId, at) ?? dueAt)
      if (start > at) next = Math.min(next, start)
      else claimed.push(claims.claim(webhookId, lookAgain))
    }
    await Promise.all(claimed)
    return next
  }

  const run = async (): Promise<void> => {
    clearTimeout(timer)
    let next = 0
    while (isWoken && !isStopping) {
      isWoken = false
      next = await look().catch((err) => {
        log.error({ err }, 'webhook deliveries cannot be read')
        return now() + storePause
      })
    }
    turn = null
    if (!isStopping) timer = setTimeout(poll, Math.max(0, next - now())).unref()
  }

  function lookAgain(): void {
    isWoken = true
    if (!isStopping) turn ??= run()
  }

  function poll(): void {
    fanOuts.wake()
    lookAgain()
  }

  let sweeping: Promise<void> | null = null
  const sweep = async (): Promise<void> => {
    await deliveries
      .sweep(now())
      .catch((err) => log.error({ err }, 'webhook deliveries cannot be swept'))
    sweeping = null
  }
  const sweeper = setInterval(() => {
    sweeping ??= sweep()
  }, sweepInterval).unref()
  poll()
  return {
    wake: fanOuts.wake,
    async stop(grace) {
      isStopping = true
      clearTimeout(timer)
      clearInterval(sweeper)
      await fanOuts.stop()
      await turn
      await sweeping
      await claims.end(grace)
    },
  }
}
