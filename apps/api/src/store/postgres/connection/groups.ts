import type { Attempts, Postgres } from './open-postgres.ts'
import { QueryError } from './query-error.ts'
import { toFailure } from './rerun.ts'
import { countGroup } from './store-metrics.ts'

/** Upper limit of calls in one statement. */
const maxCalls = 256

export interface GroupOptions<Call, Result> {
  /** For the metrics. */
  readonly name: string
  /** How many statements may run at the same time. */
  readonly flights: number
  /** Runs one statement for all the calls, and returns a result for each. @throws QueryError */
  run(calls: readonly Call[]): Promise<readonly Result[]>
  /** What a call locks. Calls with an equal key never run at the same time, and run in the order in which they came. */
  keysOf?(call: Call): readonly string[]
  /** What must be equal for all calls of one statement. */
  kindOf?(call: Call): unknown
}

interface PendingCall<Call, Result> {
  readonly call: Call
  /** It was in a statement that failed, so it runs alone: only the call that is the cause fails then. */
  readonly isAlone: boolean
  readonly keys: readonly string[]
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * Runs the calls of one turn of the event loop as one statement. A call that comes while a statement runs is part of the
 * next one, so it sees everything that was committed before it came. Where one call at a time comes, none waits for the
 * end of the turn.
 */
export function createGroups<Call, Result>(
  { attempts, metrics }: Pick<Postgres, 'attempts' | 'metrics'>,
  options: GroupOptions<Call, Result>,
): (call: Call) => Promise<Result> {
  const { name, flights, kindOf, keysOf = () => [] } = options
  const runAll = createRunCalls(attempts, options)
  const queue = createQueue<PendingCall<Call, Result>>({
    kindOf: ({ call }) => kindOf?.(call),
  })
  let running = 0
  let isScheduled = false
  /** Of the last statement: with more than one call in it, others are about to come. */
  let lastSize = 0

  const fly = async (calls: readonly PendingCall<Call, Result>[]): Promise<void> => {
    running += 1
    lastSize = calls.length
    countGroup(metrics, name, calls.length)
    const { again, settle } = await runAll(calls)
    running -= 1
    queue.release(calls)
    queue.retry(again)
    // Before its caller goes on, who may call again in the same turn.
    settle()
    start()
  }
  const start = (): void => {
    isScheduled = false
    while (running < flights) {
      const calls = queue.take(maxCalls)
      if (calls.length === 0) return
      void fly(calls)
    }
  }
  return (call) =>
    new Promise<Result>((resolve, reject) => {
      queue.add({ call, isAlone: false, keys: keysOf(call), resolve, reject })
      if (isScheduled || running === flights) return
      if (running === 0 && lastSize <= 1) start()
      else {
        isScheduled = true
        setImmediate(start)
      }
    })
}

interface RunCalls<Pending> {
  /** Those that have to run alone. */
  readonly again: readonly Pending[]
  /** Tells the others their results. */
  settle(): void
}

function createRunCalls<Call, Result>(
  attempts: Attempts,
  { run }: Pick<GroupOptions<Call, Result>, 'run'>,
) {
  type Pending = PendingCall<Call, Result>
  return async (pending: readonly Pending[]): Promise<RunCalls<Pending>> => {
    const calls = pending.map(({ call }) => call)
    try {
      const results = await (calls.length > 1 ? run(calls) : attempts.rerun(() => run(calls)))
      const settle = (): void => {
        for (const [index, { resolve, reject }] of pending.entries())
          if (index in results) resolve(results[index] as Result)
          else reject(new Error('the statement returned no row for a call'))
      }
      return { again: [], settle }
    } catch (error) {
      if (calls.length > 1 && error instanceof QueryError) {
        attempts.failed(error)
        const isLost = error.kind === 'lost' || error.kind === 'read_only'
        if (!isLost)
          return { again: pending.map((one) => ({ ...one, isAlone: true })), settle: () => {} }
      }
      const failure = error instanceof QueryError ? toFailure(error) : error
      return { again: [], settle: () => pending.forEach(({ reject }) => void reject(failure)) }
    }
  }
}

interface QueuedCall {
  readonly isAlone: boolean
  readonly keys: readonly string[]
}

/** The calls that wait, in their order. */
function createQueue<Item extends QueuedCall>({ kindOf }: { kindOf: (item: Item) => unknown }) {
  let waiting: Item[] = []
  const locked = new Set<string>()
  return {
    add: (item: Item): void => void waiting.push(item),
    /** Puts calls before all others, because they came first. */
    retry(items: readonly Item[]): void {
      if (items.length > 0) waiting = [...items, ...waiting]
    },
    /** The next calls that can run together: each key once, and none that runs now. */
    take(most: number): Item[] {
      const taken: Item[] = []
      const left: Item[] = []
      const passed = new Set<string>()
      const fits = (item: Item): boolean => {
        const [first] = taken
        if (item.keys.some((key) => locked.has(key) || passed.has(key))) return false
        if (first === undefined) return true
        return (
          !first.isAlone && !item.isAlone && taken.length < most && kindOf(item) === kindOf(first)
        )
      }
      for (const item of waiting) {
        const isTaken = fits(item)
        if (isTaken) taken.push(item)
        else left.push(item)
        // A call with the same key must not overtake this one.
        for (const key of item.keys) passed.add(key)
      }
      waiting = left
      for (const { keys } of taken) for (const key of keys) locked.add(key)
      return taken
    },
    release(items: readonly Item[]): void {
      for (const { keys } of items) for (const key of keys) locked.delete(key)
    },
  }
}
