import { emitWarning } from 'node:process'
import { createLazyThreadPool } from '../thread-pool.ts'

/** A sign-in changes nearly three pages: that makes some 700. */
const writesBetween = 250

/**
 * Where the log has grown to so many pages (of 4 KiB) all the same, SQLite folds it back at the next commit, on the
 * event loop: because a reader was in the way for long, or the thread could not start.
 */
export const mostLogPages = 16_000

export interface Checkpoints {
  /** To be told of each commit, with how many writes it held. */
  committed(writes: number): void
  /** Folds all of the log back and cuts it, so that nothing of what was deleted stands there any more. */
  truncate(): Promise<void>
  /** Waits for one that is under way. */
  idle(): Promise<void>
}

/**
 * Folds the write-ahead log back into the database (SQLite, "Write-Ahead Logging", §3.2) on a thread of its own. On
 * the event loop everybody would wait for it: with a million users, where hardly any two of its pages are the
 * same, 40 ms for what 430 sign-ins wrote.
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
      if (writes >= writesBetween && running === null) start('PASSIVE')
    },
    truncate: () => start('TRUNCATE'),
    async idle() {
      while (running !== null) await running
    },
  }
}

/** For a database without a file. */
export const noCheckpoints: Checkpoints = {
  committed: () => {},
  truncate: async () => {},
  idle: async () => {},
}

/** With the weight of the loop: with less it might never reach the end of a log that grows all the time. */
const thread = createLazyThreadPool(new URL('./checkpointer.mjs', import.meta.url), {
  maxThreads: 1,
})

async function runOnThread(input: { path: string; mode: string }): Promise<void> {
  const pool = await thread()
  await pool.run(input, { name: 'checkpoint' })
}
