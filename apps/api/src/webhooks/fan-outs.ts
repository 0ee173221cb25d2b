import type { WebhookDeliveryStore } from '@mianmi/core'
import type { DispatchLog } from './dispatch-log.ts'

/** The shortest time in ms between two fan-outs: one makes deliveries of what many changes have written. */
const interval = 200
/** The pause in ms after the store failed. */
export const storePause = 1_000

export interface FanOuts {
  /** Fans out what was written, at once or as soon as it may. */
  wake(): void
  /** Begins no further one. Resolves when none is under way. */
  stop(): Promise<void>
}

/** Fans out beside the sending, which goes on while there is much to fan out, or the store fails. `onEnd` is called after each. */
export function createFanOuts(
  {
    deliveries,
    log,
  }: {
    deliveries: Pick<WebhookDeliveryStore, 'fanOut' | 'readAgain'>
    log: DispatchLog
  },
  onEnd: () => void,
): FanOuts {
  let isStopping = false
  let mayBeWritten = false
  /** What was set aside is tried again once: another version may have written it. */
  let isReadAgain = false
  let current: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null

  /** Returns the pause after it, in ms. */
  const fanOut = async (): Promise<number> => {
    mayBeWritten = false
    try {
      if (!isReadAgain) await deliveries.readAgain()
      isReadAgain = true
      for (const outboxId of await deliveries.fanOut())
        log.error({ outboxId }, 'events of webhooks cannot be read and are set aside')
      return interval
    } catch (err) {
      mayBeWritten = true
      log.error({ err }, 'events of webhooks cannot be fanned out')
      return storePause
    }
  }

  const run = async (): Promise<void> => {
    const pause = await fanOut()
    current = null
    if (isStopping) return
    timer = setTimeout(() => {
      timer = null
      if (mayBeWritten) current = run()
    }, pause).unref()
    onEnd()
  }

  return {
    wake() {
      mayBeWritten = true
      if (!isStopping && timer === null) current ??= run()
    },
    async stop() {
      isStopping = true
      if (timer !== null) clearTimeout(timer)
      await current
    },
  }
}
