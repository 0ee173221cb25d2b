import { describe, expect, it, vi } from 'vitest'
import { createSessionStateStore } from './session-state-store.ts'
import { singleFlight } from './single-flight.ts'

const unbound = { status: 'unbound', ticket: 't', ticketExpiresAt: 'later' } as const

const createStore = () =>
  createSessionStateStore<number>([vi.fn(), vi.fn(), vi.fn(), vi.fn()], (a, b) => a === b)

describe('singleFlight', () => {
  it('shares a run within an epoch, and starts the next one after it has ended', async () => {
    const store = createStore()
    const epochs: number[] = []
    const [fly] = singleFlight(store, async (epoch) => void epochs.push(epoch))
    const [first, second] = [fly(), fly()]
    expect(first).toBe(second)
    await first
    await fly()
    expect(epochs).toEqual([0, 0])
  })

  it('starts the next run after one that has failed', async () => {
    const store = createStore()
    const run = vi.fn(() => Promise.reject(new Error('x')))
    const [fly] = singleFlight(store, run)
    await expect(fly()).rejects.toThrow('x')
    await expect(fly()).rejects.toThrow('x')
    expect(run).toHaveBeenCalledTimes(2)
  })

  it('settles with a new epoch while the work goes on', async () => {
    const store = createStore()
    const onEnd = vi.fn()
    const [fly, isRunning] = singleFlight(store, () => new Promise(() => undefined), onEnd)
    const waiting = fly()
    store.decide(unbound)
    await expect(waiting).resolves.toBeUndefined()
    expect(isRunning()).toBe(false)
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it('tells of the end of a run once, before a result that the work reports after `forget`', async () => {
    const store = createStore()
    const seen: string[] = []
    const work = async (_epoch: number, forget: () => void) => {
      await null
      forget()
      seen.push('result')
    }
    await singleFlight(store, work, () => seen.push('end'))[0]()
    expect(seen).toEqual(['end', 'result'])
  })

  it('starts a run of its own in a new epoch, which the end of the old run does not clear', async () => {
    const store = createStore()
    const ends: (() => void)[] = []
    const run = vi.fn((_epoch: number) => new Promise<void>((resolve) => ends.push(resolve)))
    const [fly] = singleFlight(store, run)
    const old = fly()
    store.decide(unbound)
    const current = fly()
    ends[0]?.()
    await old
    expect(fly()).toBe(current)
    expect(run.mock.calls.map(([epoch]) => epoch)).toEqual([0, 1])
  })

  it('starts a new run after `forget`, which the end of the forgotten one does not clear', async () => {
    const store = createStore()
    const runs: { forget(): void; end(): void }[] = []
    const [fly, isRunning] = singleFlight(
      store,
      (_epoch, forget) => new Promise<void>((end) => runs.push({ forget, end })),
    )
    const first = fly()
    runs[0]?.forget()
    expect(isRunning()).toBe(false)
    const second = fly()
    runs[0]?.end()
    await first
    expect(isRunning()).toBe(true)
    expect(fly()).toBe(second)
    expect(runs).toHaveLength(2)
  })
})
