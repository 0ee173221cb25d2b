import { ignore } from '../fields.ts'
import type { SessionStateStore } from './session-state-store.ts'

export type SingleFlight = readonly [
  /** Starts the work, or shares the run of this epoch. Settles with it, at the latest with the next epoch. */
  run: () => Promise<void>,
  /** Whether a run of this epoch has not ended. */
  isRunning: () => boolean,
]

/**
 * Runs the work at most once at a time in an epoch.
 *
 * @param work ends its run by `forget`, which it calls before it reports a result: a listener of the result may ask for
 * a new run at once. Otherwise the run ends with the work.
 * @param onEnd called at the end of a run, not where a new epoch has ended it
 */
export const singleFlight = (
  stateStore: SessionStateStore<unknown>,
  work: (epoch: number, forget: () => void) => Promise<void>,
  onEnd: () => void = ignore,
): SingleFlight => {
  let running: Promise<void> | null = null
  let settle: () => void = ignore
  stateStore.onEpoch(() => {
    settle()
    running = null
  })
  const run = () => {
    if (running) return running
    const forget = () => {
      if (running !== started) return
      running = null
      onEnd()
    }
    const started = new Promise<void>((resolve, reject) => {
      settle = resolve
      work(stateStore.epoch, forget).then(resolve, reject)
    })
    running = started
    started.then(forget, forget)
    return started
  }
  return [run, () => running !== null]
}
