/** Something that happens at a virtual time. */
interface TimelineEvent {
  readonly at: number
  /** Decides between events of the same time. */
  readonly tie: number
  readonly serial: number
  run: (() => void) | null
}

/** The only source of time and order in a run. */
export interface Timeline {
  /** Virtual time in ms since the epoch. */
  readonly now: number
  /** Runs the function after a delay in ms. Of events at the same time a random one comes first. Returns how to cancel it. */
  after(delay: number, run: () => void): () => void
  /** Runs the function now, after what was to run soon before it and before everything else. */
  soon(run: () => void): void
  /** Resolves after the delay. */
  pause(delay: number): Promise<void>
  /** Runs all events up to a time, which is then the present. */
  runUntil(time: number): void
  /** How many events have run. */
  readonly count: number
}

/** Runs the reactions of all settled promises, in the order of V8. Only callable from a task, not from a reaction. */
const runMicrotasks = (process as unknown as { _tickCallback(): void })._tickCallback

/**
 * @param tie draws the order of events at the same time
 * @param afterEach is called when an event and everything that follows from it at once has happened
 */
export function createTimeline(start: number, tie: () => number, afterEach: () => void): Timeline {
  const heap: TimelineEvent[] = []
  /** What is to run soon, in its order. */
  const tasks: (() => void)[] = []
  let now = start
  let serial = 0
  let count = 0
  const after = (delay: number, run: () => void): (() => void) => {
    const event: TimelineEvent = {
      at: now + Math.max(0, Math.round(delay)),
      tie: tie(),
      serial: ++serial,
      run,
    }
    push(heap, event)
    return () => {
      event.run = null
    }
  }
  const runOne = (run: () => void): void => {
    count += 1
    run()
    runMicrotasks()
    afterEach()
  }
  const runTasks = (): void => {
    for (let at = 0; at < tasks.length; at++) runOne(tasks[at] as () => void)
    tasks.length = 0
  }
  return {
    get now() {
      return now
    },
    get count() {
      return count
    },
    after,
    soon: (run) => void tasks.push(run),
    pause: (delay) => new Promise((resolve) => after(delay, resolve)),
    runUntil(time) {
      runMicrotasks()
      runTasks()
      for (let next = heap[0]; next !== undefined && next.at <= time; next = heap[0]) {
        pop(heap)
        if (next.run === null) continue
        now = next.at
        runOne(next.run)
        runTasks()
      }
      now = Math.max(now, time)
    },
  }
}

const isBefore = (a: TimelineEvent, b: TimelineEvent): boolean =>
  a.at !== b.at ? a.at < b.at : a.tie !== b.tie ? a.tie < b.tie : a.serial < b.serial

function push(heap: TimelineEvent[], event: TimelineEvent): void {
  let index = heap.length
  heap.push(event)
  while (index > 0) {
    const parent = (index - 1) >> 1
    const above = heap[parent] as TimelineEvent
    if (!isBefore(event, above)) break
    heap[index] = above
    index = parent
  }
  heap[index] = event
}

function pop(heap: TimelineEvent[]): void {
  const last = heap.pop() as TimelineEvent
  if (heap.length === 0) return
  let index = 0
  for (;;) {
    let child = index * 2 + 1
    if (child >= heap.length) break
    if (
      child + 1 < heap.length &&
      isBefore(heap[child + 1] as TimelineEvent, heap[child] as TimelineEvent)
    )
      child += 1
    if (!isBefore(heap[child] as TimelineEvent, last)) break
    heap[index] = heap[child] as TimelineEvent
    index = child
  }
  heap[index] = last
}
