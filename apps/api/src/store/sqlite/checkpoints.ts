import { emitWarning } from 'node:process'
import { createLazyThreadPool } from '../../thread-pool.ts'

/** Writes between two checkpoints. A sign-in changes nearly three pages, so these are about 700 pages. */
const writesPerCheckpoint = 250

/**
 * Upper limit of pages (of 4 KiB) in the log. Beyond it SQLite checkpoints in the next commit, on the event loop.
 * That happens only when a reader blocked checkpoints for long, or the thread could not start.
 */
export const maxLogPages = 16_000

export interface Checkpoints {
  /** Reports a commit with its number of writes. */
  committed(writes: number): void
  /** Checkpoints the whole log and truncates it, so that deleted data is no longer in it. */
  truncate(): Promise<void>
  /** Waits for a running checkpoint. */
  idle(): Promise<void>
}

/**
 * Checkpoints the write-ahead log (SQLite, "Write-Ahead Logging", §3.2) on a worker thread. On the event loop every
 * caller would wait for it: with a million users, when hardly two changed pages are the same, 40 ms for the pages
 * of 430 sign-ins.
 */
export function createCheckpoints(path: string): Checkpoints {
  let writes = 0
  let running: Promise<void> | null = null
  const start = (mode: 'PASSIVE' | 'TRUNCATE'): Promise<void> => {
    writes = 0
    const run = runOnThread({ path, mode })
      .catch((error: unknown) => emitWarning(`no checkpoint: ${String(error)}`))
      .finally(() => {
        if (running === run) running = null
      })
    running = run
    return run
  }
  return {
    committed(count) {
      writes += count
      if (writes >= writesPerCheckpoint && running === null) start('PASSIVE')
    },
    truncate: () => start('TRUNCATE'),
    async idle() {
      while (running !== null) await running
    },
  }
}

/** For an in-memory database. */
export const noCheckpoints: Checkpoints = {
  committed: () => {},
  truncate: async () => {},
  idle: async () => {},
}

/** With the same priority as the event loop: with a lower one it might never finish a log that keeps growing. */
const threadPool = createLazyThreadPool(new URL('./checkpointer.mjs', import.meta.url), {
  maxThreads: 1,
})

async function runOnThread(input: { path: string; mode: string }): Promise<void> {
  const pool = await threadPool()
  await pool.run(input, { name: 'checkpoint' })
}
