import type { Model } from '../../oracle/model.ts'
import type { World } from '../../world/world.ts'
import type { Snapshot } from '../database/database.ts'
import type { ObservedCall } from '../traffic.ts'
import { type CallEvent, eventsOf, type Facts } from './events.ts'
import { type Chapter, type ChosenEvent, createJudge, type Judge } from './judge.ts'
import { type Finding, findOrder } from './orders.ts'
import { type Rows, rowsOf } from './rows.ts'

/** What has happened since the start, in an order that breaks no sentence. */
export interface History {
  /** Adds the calls that ended since the last snapshot. */
  add(calls: readonly ObservedCall[], snapshot: Snapshot): Finding
  model(): Model
  /** What the database holds, for the actions that choose from it. */
  rows(snapshot: Snapshot): Rows
}

export function createHistory(
  world: World,
  facts: Facts,
  isLate: (sessionId: string) => boolean,
): History {
  const chapters: Chapter[] = []
  let judge: Judge = createJudge(world, facts, isLate)
  /** Calls of nodes that died, which had no effect so far: PostgreSQL may still be at work for a node that is gone. */
  let pending: readonly ObservedCall[] = []
  const replay = (): Judge => {
    const fresh = createJudge(world, facts, isLate)
    for (const chapter of chapters) {
      const broken = fresh.play(chapter)
      if (broken !== null)
        throw new Error(`a chapter that passed breaks ${broken.invariant}: ${broken.detail}`)
    }
    return fresh
  }
  return {
    model: () => judge.model,
    rows: (snapshot) => rowsOf(snapshot, (_userId, stored) => stored),
    add(calls, snapshot) {
      const events = eventsOf([...pending, ...calls].sort(byEnd), {
        facts,
        snapshot,
        isKnown: judge.knowsSession,
      })
      let isFirst = true
      const finding = findOrder(events, (order) => {
        // The first order is played on the judge that has seen everything so far; others on one that sees it again.
        const tried = isFirst ? judge : replay()
        isFirst = false
        const broken = tried.play({ events: order, snapshot })
        judge = tried
        return broken
      })
      if (finding.kind !== 'passes') return finding
      chapters.push({ events: finding.order, snapshot })
      pending = withoutEffect(finding.order, pending)
      return finding
    },
  }
}

/** Those of this chapter alone: a backend does not outlive its node by two looks. */
const withoutEffect = (
  order: readonly ChosenEvent[],
  before: readonly ObservedCall[],
): ObservedCall[] =>
  order
    .filter(({ event, effect }) => effect === null && !before.includes(event.call))
    .map(({ event }: { event: CallEvent }) => event.call)

const byEnd = (a: ObservedCall, b: ObservedCall): number =>
  Math.min(a.endedAt, Number.MAX_VALUE) - Math.min(b.endedAt, Number.MAX_VALUE)
