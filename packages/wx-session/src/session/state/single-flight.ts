import type { SessionStateStore } from './session-state-store.ts'

/** Settles with the work, but at the latest with the next decision. */
export function untilDecision(
  stateStore: SessionStateStore<unknown>,
  work: Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const unsubscribe = stateStore.onDecision(resolve)
    work.then(resolve, reject)
    work.then(unsubscribe, unsubscribe)
  })
}

export interface SingleFlight {
  /** Starts the work, or shares the run of this epoch. Settles with it, at the latest with the next decision. */
  run(): Promise<void>
  /** Whether a run of this epoch has not ended. */
  isRunning(): boolean
}

/**
 * Runs the work at most once at a time in an epoch.
 *
 * @param work ends its run by `forget`, which it calls before it reports a result: a listener of the result may ask for
 * a new run at once. Otherwise the run ends with the work.
 */
export function singleFlight(
  stateStore: SessionStateStore<unknown>,
  work: (epoch: number, forget: () => void) => Promise<void>,
): SingleFlight {
  let running: { epoch: number; promise: Promise<void> } | null = null
  const isRunning = () => running?.epoch === stateStore.epoch
  return {
    isRunning,
    run() {
      if (running && isRunning()) return running.promise
      const { epoch } = stateStore
      const forget = () => {
        if (running === started) running = null
      }
      const started = { epoch, promise: untilDecision(stateStore, work(epoch, forget)) }
      running = started
      started.promise.then(forget, forget)
      return started.promise
    },
  }
}
