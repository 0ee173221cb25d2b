import { setTimeout as wait } from 'node:timers/promises'
import type { Store } from '../../store/store.ts'

/** Pause after a step, in ms, in which other writers go first; and while another node fills, or after an error. */
const pauses = { more: 20, busy: 60_000 } as const

interface FillOptions {
  readonly fill: Store['nicknameFill']
  readonly onError: (error: unknown) => void
  /** Resolves after so many ms, or as soon as the signal aborts. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>
}

/**
 * Fills in the nicknames of an earlier version in the background, and ends when none is left. Returns the function that
 * stops it; the next start goes on from there.
 */
export function fillNicknames({ fill, onError, pause = waitFor }: FillOptions): () => void {
  const stop = new AbortController()
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const state = await fill.step().catch((error: unknown) => {
        if (!stop.signal.aborted) onError(error)
        return 'busy' as const
      })
      if (state === 'done') return
      await pause(pauses[state], stop.signal)
    }
  }
  void run()
  return () => stop.abort()
}

const waitFor = (ms: number, signal: AbortSignal): Promise<void> =>
  wait(ms, undefined, { signal, ref: false }).catch(() => {})
