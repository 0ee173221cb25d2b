import { isNetworkFailure } from '../failure/failure.ts'

/** Repeats what a missing network has failed. */
export interface NetworkRetry {
  /** An attempt begins. */
  started(): void
  /** It has ended, with this error or with null. */
  ended(error: unknown): void
  /** For onShow: in the background WeChat reports no change of the network. */
  shown(): void
  stop(): void
}

/** Calls the listener each time the network is back. Returns the function that unsubscribes. */
export function onNetworkBack(listener: () => void): () => void {
  const changed = ({ isConnected }: { isConnected: boolean }) => {
    if (isConnected) listener()
  }
  // Not all contexts of WeChat have these.
  wx.onNetworkStatusChange?.(changed)
  // Its listener gets the same as the other's; the typings say less.
  return () => wx.offNetworkStatusChange?.(changed as () => void)
}

/**
 * Calls `retry` once each time the network is back or the page is shown, if the last attempt has failed for want of a
 * network. An attempt that began before the network was back counts, too: it fails later. Only for what may be
 * repeated without the person: reads and the silent sign-in, never a change that the person makes.
 */
export function createNetworkRetry(retry: () => unknown): NetworkRetry {
  let failure: unknown = null
  let isRunning = false
  let isBack = false
  const run = () => {
    if (!isNetworkFailure(failure)) return
    failure = null
    retry()
  }
  const stop = onNetworkBack(() => {
    isBack = isRunning
    run()
  })
  return {
    started() {
      isRunning = true
      isBack = false
      failure = null
    },
    ended(error) {
      isRunning = false
      failure = error
      if (isBack) run()
      isBack = false
    },
    shown: run,
    stop,
  }
}
