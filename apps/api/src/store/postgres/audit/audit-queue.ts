import { type AuditEvent, Failure } from '@mianmi/core'
import { isCounted } from '../../admin/overview/sum-daily-counts.ts'
import type { NewLines } from './chain.ts'

/** How long a line waits for others, in ms: it has to be on disk within 25 ms of the reply. */
const delayMs = 15
/** Upper limit of lines that are written at once. */
const maxLines = 2_000
/** How many events wait while the database is away, and how long until the next try in ms. */
const maxWaiting = 20_000
const retryMs = 200

export interface AuditBatch extends NewLines {
  /** Whether an earlier try may have written it: the connection was lost before the reply. */
  readonly isRepeated: boolean
}

interface QueuedEvent {
  readonly event: AuditEvent
  readonly isLine: boolean
  readonly waiter?: { resolve(): void; reject(error: unknown): void }
}

interface AuditQueueOptions {
  /** Writes a batch. One runs at a time. @throws Failure `overloaded` while the database is away */
  readonly write: (batch: AuditBatch) => Promise<void>
  /** Takes the error of events for which no caller waits, and that are lost. */
  readonly onError: (error: unknown) => void
}

/**
 * Collects the lines of this node and writes them in batches, in their order. While the database is away they are kept,
 * and the newest of too many are dropped. A caller that waits for its line gets the error at once instead.
 */
export function createAuditQueue({ write, onError }: AuditQueueOptions) {
  let waiting: QueuedEvent[] = []
  /** A batch that may have been written, to be tried again before any other. */
  let doubtful: readonly QueuedEvent[] | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  let running: Promise<void> | null = null

  const take = (): readonly QueuedEvent[] => doubtful ?? waiting.splice(0, maxLines)
  /** Writes what waits. Stops at an error. */
  const writeAll = async (): Promise<void> => {
    while (doubtful !== null || waiting.length > 0) {
      const isRepeated = doubtful !== null
      const batch = take()
      doubtful = null
      try {
        await write({ ...toLines(batch), isRepeated })
        for (const { waiter } of batch) waiter?.resolve()
      } catch (error) {
        for (const { waiter } of batch) waiter?.reject(error)
        // Who waited was told that the line was not written.
        const kept = batch.filter(({ waiter }) => waiter === undefined)
        if (!isAway(error)) {
          if (kept.length > 0) onError(error)
          continue
        }
        doubtful = kept.length > 0 ? kept : null
        // Nor do the others wait until the database is back.
        for (const { waiter } of waiting) waiter?.reject(error)
        waiting = waiting.filter(({ waiter }) => waiter === undefined)
        return schedule(retryMs)
      }
    }
  }
  const start = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    running ??= writeAll().finally(() => {
      running = null
    })
    return running
  }
  function schedule(ms: number): void {
    timer ??= setTimeout(() => void start(), ms).unref()
  }
  const add = (queued: QueuedEvent): void => {
    if (waiting.length < maxWaiting) waiting.push(queued)
    else onError(new Error('the audit log has lost a line: the database is away'))
  }
  return {
    record(event: AuditEvent): void {
      add({ event, isLine: true })
      if (running === null) schedule(delayMs)
    },
    tally(event: AuditEvent): void {
      add({ event, isLine: false })
      if (running === null) schedule(delayMs)
    },
    /** Resolves when the line is on disk. */
    write: (event: AuditEvent): Promise<void> =>
      new Promise((resolve, reject) => {
        waiting.push({ event, isLine: true, waiter: { resolve, reject } })
        void start()
      }),
    /** Resolves when what was added before was tried once. */
    async flush(): Promise<void> {
      // A batch that runs now may not have what was added last.
      if (running !== null) await running
      if (doubtful !== null || waiting.length > 0) await start()
    },
  }
}

const isAway = (error: unknown): boolean =>
  error instanceof Failure && error.reason === 'overloaded'

/** A line with a number was counted call by call, and a change counts when it has ended. */
function toLines(batch: readonly QueuedEvent[]): NewLines {
  return {
    lines: batch.filter(({ isLine }) => isLine).map(({ event }) => event),
    counted: batch
      .filter(({ event, isLine }) => !isLine || isCounted(event))
      .map(({ event }) => event),
  }
}
