import type { CallEvent } from './events.ts'
import type { BrokenSentence, ChosenEvent } from './judge.ts'

/** How many orders are tried, at most, before a chapter is left undecided. */
const mostOrders = 2_000

export type Finding =
  | { readonly kind: 'passes'; readonly order: readonly ChosenEvent[] }
  | { readonly kind: 'broken'; readonly by: BrokenSentence }
  /** There are more orders than can be tried. */
  | { readonly kind: 'undecided' }

/**
 * Looks for an order that breaks no sentence. Each is consistent with real time: a call that had its reply before another
 * one was sent comes before it. A call without a reply has each of its possible effects in turn.
 */
export function findOrder(
  events: readonly CallEvent[],
  play: (order: readonly ChosenEvent[]) => BrokenSentence | null,
): Finding {
  let left = mostOrders
  let first: BrokenSentence | null = null
  /** Returns the order, or how many events of the prefix are enough to break a sentence. */
  const search = (
    prefix: readonly ChosenEvent[],
    rest: readonly CallEvent[],
  ): readonly ChosenEvent[] | number => {
    if (rest.length === 0) {
      left -= 1
      const broken = play(prefix)
      if (broken === null) return prefix
      first ??= broken
      return broken.passed
    }
    for (const event of nextOf(rest)) {
      const others = rest.filter((each) => each !== event)
      for (const effect of event.effects) {
        const found = search([...prefix, { event, effect }], others)
        if (typeof found !== 'number') return found
        if (left <= 0) return 0
        // What follows cannot mend what broke before.
        if (found < prefix.length) return found
      }
    }
    return prefix.length
  }
  const found = search([], events)
  if (typeof found !== 'number') return { kind: 'passes', order: found }
  if (left <= 0 || first === null) return { kind: 'undecided' }
  return { kind: 'broken', by: first }
}

/**
 * What may come next: the first one, and of the others that overlap with everything left those that share a subject with
 * it, also by way of others. The rest comes to the same in any order.
 */
function nextOf(rest: readonly CallEvent[]): readonly CallEvent[] {
  const free = rest.filter((event) =>
    rest.every((other) => other === event || other.call.endedAt >= event.call.startedAt),
  )
  const [first] = free
  if (first === undefined) return rest.slice(0, 1)
  const connected = new Set([first])
  for (const one of connected)
    for (const other of rest) if (!connected.has(other) && shares(one, other)) connected.add(other)
  return free.filter((event) => connected.has(event))
}

const shares = (one: CallEvent, other: CallEvent): boolean =>
  one.subjects.some((subject) => other.subjects.includes(subject))
