import { describe, expect, it } from 'vitest'
import type { CallEvent } from '../src/slow/judge/events.ts'
import type { BrokenSentence, ChosenEvent } from '../src/slow/judge/judge.ts'
import { findOrder } from '../src/slow/judge/orders.ts'

const eventOf = (
  path: string,
  [startedAt, endedAt]: readonly [number, number],
  { subjects = ['user 1'], effects = [{ kind: 'done', data: {} }] as CallEvent['effects'] } = {},
): CallEvent => {
  const call = { node: 'node1', path, input: {}, callId: null, accessToken: null, at: 0 }
  return {
    call: { ...call, arrivedAt: startedAt, startedAt, endedAt, result: { data: {} } },
    ...{ subjects, effects },
  }
}

const broken = (passed: number): BrokenSentence => ({ invariant: 'a sentence', detail: '', passed })
const pathsOf = (order: readonly ChosenEvent[]): string =>
  order
    .map(({ event, effect }) => (effect === null ? `not ${event.call.path}` : event.call.path))
    .join(', ')

/** Passes the one order, and counts what was tried. */
function passOnly(wanted: string) {
  const tried: string[] = []
  const play = (order: readonly ChosenEvent[]): BrokenSentence | null => {
    tried.push(pathsOf(order))
    return pathsOf(order) === wanted ? null : broken(order.length)
  }
  return { tried, play }
}

describe('an order of calls', () => {
  it('is that of the replies where it breaks nothing', () => {
    const { tried, play } = passOnly('a, b')
    const events = [eventOf('a', [1, 5]), eventOf('b', [2, 6])]
    expect(findOrder(events, play)).toMatchObject({ kind: 'passes' })
    expect(tried).toEqual(['a, b'])
  })

  it('is another one where calls overlapped', () => {
    const { play } = passOnly('b, a')
    const events = [eventOf('a', [1, 5]), eventOf('b', [2, 6])]
    expect(findOrder(events, play)).toMatchObject({ kind: 'passes' })
  })

  it('is none in which a call comes before one that had ended when it began', () => {
    const { tried, play } = passOnly('b, a')
    const events = [eventOf('a', [1, 2]), eventOf('b', [3, 6])]
    expect(findOrder(events, play)).toMatchObject({ kind: 'broken' })
    expect(tried).toEqual(['a, b'])
  })

  it('does not change for calls that share nothing', () => {
    const { tried, play } = passOnly('none')
    const events = [
      eventOf('a', [1, 5]),
      eventOf('b', [1, 6], { subjects: ['user 2'] }),
      eventOf('c', [1, 7], { subjects: ['user 3'] }),
    ]
    expect(findOrder(events, play)).toMatchObject({ kind: 'broken' })
    expect(tried).toEqual(['a, b, c'])
  })

  it('takes each effect in turn that a call without a reply may have had, at any later time', () => {
    const { play } = passOnly('b, a')
    const unknown: CallEvent['effects'] = [null, { kind: 'done', data: {} }]
    const events = [
      eventOf('a', [1, Number.POSITIVE_INFINITY], { effects: unknown }),
      eventOf('b', [2, 6]),
    ]
    expect(findOrder(events, play)).toMatchObject({ kind: 'passes' })
  })

  it('leaves out the orders that begin as one did which was broken by then', () => {
    const tried: string[] = []
    const events = ['a', 'b', 'c', 'd'].map((path) => eventOf(path, [1, 5]))
    const finding = findOrder(events, (order) => {
      tried.push(pathsOf(order))
      return broken(0)
    })
    expect(finding).toMatchObject({ kind: 'broken' })
    expect(tried.map((order) => order[0])).toEqual(['a', 'b', 'c', 'd'])
  })

  it('is left undecided where there are too many', () => {
    const events = Array.from({ length: 9 }, (_, index) => eventOf(`call${index}`, [1, 5]))
    expect(findOrder(events, (order) => broken(order.length))).toEqual({ kind: 'undecided' })
  })
})
