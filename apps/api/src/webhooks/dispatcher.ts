import { createClaims } from './claims.ts'
import type { DeliveryPorts } from './make-delivery.ts'

/** The longest time in ms between two looks at what is due: finds what another process wrote and could not send. */
const pollInterval = 5_000
const sweepInterval = 60_000
/** The pause in ms after the store failed. */
const storePause = 1_000

export interface Dispatcher {
  /** Fans out what was written, and looks for what is due. To be called when events were written. */
  wake(): void
  /**
   * Claims no further delivery. Attempts under way may end within `grace` ms; the others are ended and given back.
   * Resolves when all results are kept. Allowed twice.
   */
  stop(grace: number): Promise<void>
}

/**
 * Sends what is due to webhooks, at least once each. The store hands out the deliveries of one person to one webhook one
 * after the other, so their order holds over all nodes. While nothing is due, only one small read runs in `pollInterval`.
 */
export function startDispatcher(ports: DeliveryPorts): Dispatcher {
  const { deliveries, now, log } = ports
  const claims = createClaims(ports)
  let isStopping = false
  let isWoken = false
  let mayBeWritten = false
  /** What was set aside is tried again once: another version may have written it. */
  let isReadAgain = false
  let fanOutAt = Number.NEGATIVE_INFINITY
  let turn: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  /** What was fanned out before is sent also while this fails. */
  const fanOut = async (): Promise<void> => {
    const pause = fanOutAt - now()
    // A longer one is that of a clock that has been set back.
    if (!mayBeWritten || (pause > 0 && pause <= storePause)) return
    mayBeWritten = false
    try {
      if (!isReadAgain) await deliveries.readAgain()
      isReadAgain = true
      for (const outboxId of await deliveries.fanOut())
        log.error({ outboxId }, 'events of webhooks cannot be read and are set aside')
    } catch (err) {
      mayBeWritten = true
      fanOutAt = now() + storePause
      log.error({ err }, 'events of webhooks cannot be fanned out')
    }
  }

  /** Claims what may be sent now. Returns when to look again, in ms since the epoch. */
  const look = async (): Promise<number> => {
    await fanOut()
    const due = await deliveries.due()
    claims.keepOnly(due)
    const at = now()
    let next = mayBeWritten ? Math.min(fanOutAt, at + storePause) : at + pollInterval
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
    if (!isStopping) timer = setTimeout(wake, Math.max(0, next - now())).unref()
  }

  function lookAgain(): void {
    isWoken = true
    if (!isStopping) turn ??= run()
  }

  function wake(): void {
    mayBeWritten = true
    lookAgain()
  }

  const sweeper = setInterval(() => {
    deliveries.sweep(now()).catch((err) => log.error({ err }, 'webhook deliveries cannot be swept'))
  }, sweepInterval).unref()
  wake()
  return {
    wake,
    async stop(grace) {
      isStopping = true
      clearTimeout(timer)
      clearInterval(sweeper)
      await turn
      await claims.end(grace)
    },
  }
}
