import type { PasswordCaller } from '@mianmi/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFairQueue } from './fair-queue.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const caller = (id: string, network = 'home', isGone?: () => boolean): PasswordCaller => ({
  kind: 'user',
  id,
  network,
  isGone,
})

/** A queue with one slot, whose calls end when the test says so. */
function open(limits: { maxWaiting?: number; maxWaitingOfCaller?: number; slots?: number } = {}) {
  const options = { slots: 1, maxWaiting: 100, maxWaitingOfCaller: 100, ...limits }
  const queue = createFairQueue({ ...options, maxWaitMs: 5_000 })
  const started: string[] = []
  const refused: string[] = []
  const ends: (() => void)[] = []
  const add = (name: string, by: PasswordCaller): void => {
    const work = () => {
      started.push(name)
      return new Promise<void>((resolve) => ends.push(resolve))
    }
    queue.run(by, work).catch((error: { reason: string; retryAfter: number }) => {
      expect(error).toMatchObject({ reason: 'overloaded', retryAfter: 2 })
      refused.push(name)
    })
  }
  /** Ends the oldest running call, and lets the next one start. */
  const end = async (): Promise<void> => {
    ends.shift()?.()
    await vi.advanceTimersByTimeAsync(0)
  }
  const drain = async (): Promise<void> => {
    while (ends.length > 0) await end()
  }
  return { add, end, drain, started, refused, queue }
}

describe('the order of waiting calls', () => {
  it('is the order in which they came, where each is of another caller', async () => {
    const { add, drain, started } = open({ slots: 2 })
    const names = Array.from({ length: 20 }, (_, index) => `call ${index}`)
    for (const name of names) add(name, caller(name))
    await drain()
    expect(started).toEqual(names)
  })

  it('gives every caller of a network a turn, and keeps the order of one caller', async () => {
    const { add, drain, started } = open()
    for (const name of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) add(name, caller(name.slice(0, 1)))
    await drain()
    expect(started).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'c2'])
  })

  it('gives every network a turn, however many callers one has', async () => {
    const { add, drain, started } = open()
    for (const name of ['a1', 'b1', 'c1', 'd1']) add(name, caller(name, 'crowded'))
    add('e1', caller('e1', 'home'))
    add('e2', caller('e2', 'home'))
    await drain()
    expect(started).toEqual(['a1', 'b1', 'e1', 'c1', 'e2', 'd1'])
  })

  it('gives an IPv6 /48 the turn of one network', async () => {
    const { add, drain, started } = open()
    for (const name of ['a1', 'a2', 'a3', 'a4']) add(name, caller(name, `2001:db8:1:${name}::/64`))
    add('b1', caller('b1', '2001:db8:2:1::/64'))
    await drain()
    expect(started).toEqual(['a1', 'a2', 'b1', 'a3', 'a4'])
  })

  it('goes on after a call that fails', async () => {
    const { add, drain, started, queue } = open()
    await expect(queue.run(caller('a'), () => Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    )
    add('b', caller('b'))
    await drain()
    expect(started).toEqual(['b'])
  })
})

describe('a full queue', () => {
  it('refuses a caller with too many waiting calls, and no other', async () => {
    const { add, end, started, refused } = open({ maxWaitingOfCaller: 2 })
    for (const name of ['a1', 'a2', 'a3', 'a4']) add(name, caller('a'))
    add('b1', caller('b'))
    await end()
    expect(refused).toEqual(['a4'])
    add('a5', caller('a'))
    await end()
    expect(refused).toEqual(['a4'])
    expect(started).toEqual(['a1', 'a2', 'b1'])
  })

  it('counts the calls of a caller from all networks', async () => {
    const { add, drain, started, refused } = open({ maxWaitingOfCaller: 2 })
    for (const name of ['a1', 'a2', 'a3', 'a4']) add(name, caller('a', name))
    await drain()
    expect(refused).toEqual(['a4'])
    for (const name of ['a5', 'a6', 'a7', 'a8']) add(name, caller('a', name))
    await drain()
    expect(refused).toEqual(['a4', 'a8'])
    expect(started).toEqual(['a1', 'a2', 'a3', 'a5', 'a6', 'a7'])
  })

  it('gives up the newest call of the caller with the most in the network with the most', async () => {
    const { add, drain, started, refused } = open({ maxWaiting: 5 })
    add('running', caller('x', 'other'))
    for (const name of ['a1', 'b1', 'b2', 'b3']) add(name, caller(name.slice(0, 1), 'crowded'))
    add('c1', caller('c', 'home'))
    add('c2', caller('c', 'home'))
    await drain()
    expect(refused).toEqual(['b3'])
    expect(started).toEqual(['running', 'a1', 'c1', 'b1', 'c2', 'b2'])
  })

  it('refuses the newcomer where none has more', async () => {
    const { add, drain, refused } = open({ maxWaiting: 2 })
    for (const name of ['running', 'a', 'b', 'c']) add(name, caller(name, name))
    add('b again', caller('b', 'b'))
    for (const name of ['d', 'e']) add(name, caller(name, 'a'))
    await drain()
    expect(refused).toEqual(['c', 'b again', 'd', 'e'])
  })

  it('makes room by those who are gone', async () => {
    const { add, drain, started, refused } = open({ maxWaiting: 2 })
    add('running', caller('x'))
    add(
      'gone',
      caller('a', 'home', () => true),
    )
    add('b', caller('b'))
    add('c', caller('c'))
    await drain()
    expect(refused).toEqual(['gone'])
    expect(started).toEqual(['running', 'b', 'c'])
  })
})

describe('a call whose caller has given up', () => {
  it('is not run where its caller has gone by its turn', async () => {
    const { add, drain, started, refused } = open()
    let isGone = false
    add('running', caller('x'))
    add(
      'gone',
      caller('a', 'home', () => isGone),
    )
    add('b', caller('b'))
    isGone = true
    await drain()
    expect(refused).toEqual(['gone'])
    expect(started).toEqual(['running', 'b'])
  })

  it('is refused after five seconds, though no turn came', async () => {
    const { add, drain, started, refused } = open()
    add('running', caller('x'))
    add('a', caller('a'))
    await vi.advanceTimersByTimeAsync(2_000)
    add('b', caller('b'))
    await vi.advanceTimersByTimeAsync(2_999)
    expect(refused).toEqual([])
    await vi.advanceTimersByTimeAsync(2)
    expect(refused).toEqual(['a'])
    await vi.advanceTimersByTimeAsync(2_000)
    expect(refused).toEqual(['a', 'b'])
    add('c', caller('c'))
    await drain()
    expect(started).toEqual(['running', 'c'])
  })
})
