import { describe, expect, it, vi } from 'vitest'
import { createSessionStateStore } from './session-state-store.ts'
import { singleFlight, untilDecision } from './single-flight.ts'

const signedIn = { status: 'signedIn', tokens: { accessToken: 'a' }, user: 1 } as const
const unbound = { status: 'unbound', ticket: 't', ticketExpiresAt: 'later' } as const

const createStore = () => createSessionStateStore<number>(vi.fn(), (a, b) => a === b)

/** Counts the decision listeners that are registered at the moment. */
function countDecisionListeners(store: ReturnType<typeof createStore>) {
  const { onDecision } = store
  const count = { current: 0 }
  store.onDecision = (listener) => {
    count.current += 1
    const unsubscribe = onDecision(listener)
    return () => {
      count.current -= 1
      unsubscribe()
    }
  }
  return count
}

describe('untilDecision', () => {
  it.each([
    ['resolves', () => Promise.resolve()],
    ['rejects', () => Promise.reject(new Error('x'))],
  ])('leaves no listener when the work %s', async (_how, work) => {
    const store = createStore()
    const listeners = countDecisionListeners(store)
    await untilDecision(store, work()).catch(() => undefined)
    await Promise.resolve()
    expect(listeners.current).toBe(0)
  })

  it('resolves with the decision while the work goes on', async () => {
    const store = createStore()
    const waiting = untilDecision(store, new Promise(() => undefined))
    store.decide(signedIn)
    await expect(waiting).resolves.toBeUndefined()
  })

  it('rejects with the error of the work', async () => {
    const store = createStore()
    const error = new Error('x')
    await expect(untilDecision(store, Promise.reject(error))).rejects.toBe(error)
  })
})

describe('singleFlight', () => {
  it('shares a run within an epoch, and starts the next one after it has ended', async () => {
    const store = createStore()
    const epochs: number[] = []
    const { run: fly } = singleFlight(store, async (epoch) => void epochs.push(epoch))
    const [first, second] = [fly(), fly()]
    expect(first).toBe(second)
    await first
    await fly()
    expect(epochs).toEqual([0, 0])
  })

  it('starts the next run after one that has failed', async () => {
    const store = createStore()
    const run = vi.fn(() => Promise.reject(new Error('x')))
    const { run: fly } = singleFlight(store, run)
    await expect(fly()).rejects.toThrow('x')
    await expect(fly()).rejects.toThrow('x')
    expect(run).toHaveBeenCalledTimes(2)
  })

  it('starts a run of its own in a new epoch, which the end of the old run does not clear', async () => {
    const store = createStore()
    const ends: (() => void)[] = []
    const run = vi.fn((_epoch: number) => new Promise<void>((resolve) => ends.push(resolve)))
    const { run: fly } = singleFlight(store, run)
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
    const flight = singleFlight(
      store,
      (_epoch, forget) => new Promise<void>((end) => runs.push({ forget, end })),
    )
    const first = flight.run()
    runs[0]?.forget()
    expect(flight.isRunning()).toBe(false)
    const second = flight.run()
    runs[0]?.end()
    await first
    expect(flight.isRunning()).toBe(true)
    expect(flight.run()).toBe(second)
    expect(runs).toHaveLength(2)
  })
})
