import { Worker } from 'node:worker_threads'
import type { Violation } from '../run.ts'

export interface SeedResult {
  readonly seed: number
  /** Null where the seed breaks no sentence. */
  readonly violation: Violation | null
  /** The seed as a story, where it was asked for. */
  readonly story: string | null
}

export interface WorkerOptions {
  /** Of a run. */
  readonly steps: number
  readonly isCoverage: boolean
}

/** What a thread does next. */
export type Order = { readonly seeds: readonly number[]; readonly isTold: boolean } | 'end'

type Message =
  | { readonly results: readonly SeedResult[] }
  | { readonly reached: readonly [string, number][] }

export interface SeedOptions extends Partial<WorkerOptions> {
  readonly from: number
  readonly seeds: number
  readonly steps: number
  /** How many threads play. */
  readonly threads: number
  /** Is called with the result of each seed, in the order in which they end. Returns whether the seeds that are left are played. */
  onPlayed(result: SeedResult): boolean
  /** Whether the next failing seed is told as a story, which takes as long as hundreds of seeds. */
  isTold?(): boolean
}

/** As few that a thread which is told to stop soon does, and so many that messages do not count. */
const seedsPerOrder = 4

/** Plays seeds on several threads. Returns what they have reached, where `isCoverage` asks for it. */
export async function playSeeds(options: SeedOptions): Promise<ReadonlyMap<string, number>> {
  const { from, seeds, steps, threads, isCoverage = false } = options
  const workerData: WorkerOptions = { steps, isCoverage }
  const reached = new Map<string, number>()
  let next = from
  let isOver = false
  const nextOrder = (): Order => {
    const size = Math.min(seedsPerOrder, from + seeds - next)
    if (isOver || size <= 0) return 'end'
    next += size
    const first = next - size
    return {
      seeds: Array.from({ length: size }, (_, index) => first + index),
      isTold: options.isTold?.() ?? false,
    }
  }
  const runThread = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./seed-worker.ts', import.meta.url), { workerData })
      worker.on('error', reject)
      worker.on('exit', () => resolve())
      worker.on('message', (message: Message) => {
        if ('reached' in message) {
          for (const [key, count] of message.reached)
            reached.set(key, (reached.get(key) ?? 0) + count)
          return
        }
        for (const result of message.results) isOver = isOver || !options.onPlayed(result)
        worker.postMessage(nextOrder())
      })
    })
  await Promise.all(Array.from({ length: threads }, runThread))
  return reached
}
