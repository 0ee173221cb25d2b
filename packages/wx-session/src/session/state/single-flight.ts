import { ignore } from '../fields.ts'
import type { SessionStateStore } from './session-state-store.ts'

export type SingleFlight<T> = readonly [
  /** Starts the work, or shares the run of this epoch. Settles with it, at the latest with the next epoch. */
  run: () => Promise<T>,
  /** Whether a run of this epoch has not ended. */
  isRunning: () => boolean,
]

/**
 * Runs the work at most once at a time in an epoch.
 *
 * @param work ends its run by `forget`, which it calls before it reports a result: a listener of the result may ask for
 * a new run at once. Otherwise the run ends with the work.
 * @param onEnd called at the end of a run, and at the start of each epoch
 */
export const singleFlight = <T = void>(
  stateStore: Pick<SessionStateStore<unknown>, 'onEpoch'> & { readonly epoch?: number },
  work: (epoch: number, forget: () => void) => Promise<T>,
  onEnd: () => void = ignore,
): SingleFlight<T> => {
  let running: Promise<T> | null = null
  let settle: (value?: T) => void = ignore
  stateStore.onEpoch(() => {
    settle()
    running = null
    onEnd()
  })
  const run = () => {
    if (running) return running
    const forget = () => {
      if (running !== started) return
      running = null
      onEnd()
    }
    const started = new Promise<T>((resolve, reject) => {
      settle = resolve as typeof settle
      work(stateStore.epoch as number, forget).then(resolve, reject)
    })
    running = started
    started.then(forget, forget)
    return started
  }
  return [run, () => !!running]
}
