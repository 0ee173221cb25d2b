import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { mostOfOneWebhook } from '../../src/webhooks/claims.ts'
import { type Dispatcher, startDispatcher } from '../../src/webhooks/dispatcher.ts'
import type { Attempt, AttemptResult } from '../../src/webhooks/send-attempt.ts'
import { createFakeDeliveries } from './fake-deliveries.ts'

beforeEach(() => {
  const toFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] as const
  vi.useFakeTimers({ now: 1_000_000, toFake: [...toFake] })
})

const running: Dispatcher[] = []
afterEach(async () => {
  for (const dispatcher of running.splice(0)) {
    const stopped = dispatcher.stop(0)
    await pass(0)
    await stopped
  }
  vi.useRealTimers()
})

const delivered: AttemptResult = { outcome: 'delivered', error: '', retryAfter: null }
const failed: AttemptResult = { outcome: 'failed', error: 'HTTP 500', retryAfter: null }
const aborted: AttemptResult = { outcome: 'aborted', error: '', retryAfter: null }

type Receive = (attempt: Attempt, signal: AbortSignal) => AttemptResult | Promise<AttemptResult>

/** A dispatcher whose attempts are answered by `receive`, with the ids of the events in the order of the attempts. */
function start(receive: Receive = () => delivered) {
  const deliveries = createFakeDeliveries(Date.now)
  const attempts: string[] = []
  const lines: string[] = []
  const line = (_fields: object, text: string) => void lines.push(text)
  const run = () => {
    const dispatcher = startDispatcher({
      deliveries: deliveries.store,
      openSecret: (_webhookId, sealed) => sealed,
      send: async (attempt, signal) => {
        attempts.push(attempt.id)
        return receive(attempt, signal)
      },
      now: Date.now,
      log: { info: line, warn: line, error: line },
      onAttempt: () => {},
    })
    running.push(dispatcher)
    return dispatcher
  }
  return { ...deliveries, attempts, lines, run }
}

/** Lets time pass in steps, and all happen that needs no further timer after each. */
async function pass(ms: number): Promise<void> {
  const step = Math.max(1, Math.min(1_000, ms))
  for (let passed = 0; passed <= ms; passed += step) {
    await vi.advanceTimersByTimeAsync(passed === 0 ? 0 : step)
    for (let turn = 0; turn < 30; turn++) await new Promise(setImmediate)
  }
}
const settled = () => pass(0)
const never = () => new Promise<AttemptResult>(() => {})

/** An answer that comes when the attempt is ended. */
const onAbort = (signal: AbortSignal) =>
  new Promise<AttemptResult>((resolve) => {
    signal.addEventListener('abort', () => resolve(aborted))
  })

it('what is due at the start is sent, in the order of each person', async () => {
  const { add, run, attempts, queue } = start()
  add('a', 'x:1', 'x:2', 'y:1', 'x:3', 'y:2')
  run()
  await settled()
  expect(attempts.filter((id) => id.startsWith('x'))).toEqual(['x:1', 'x:2', 'x:3'])
  expect(attempts.filter((id) => id.startsWith('y'))).toEqual(['y:1', 'y:2'])
  expect(queue).toEqual([])
})

it('a fan-out that fails holds up nothing that was fanned out before, and is tried again after a second', async () => {
  const { add, run, attempts, lines, store } = start()
  const { fanOut } = store
  add('a', 'x:1')
  await fanOut()
  add('a', 'y:1')
  store.fanOut = () => Promise.reject(new Error('the database is away'))
  run()
  await settled()
  expect(attempts).toEqual(['x:1'])
  expect(lines).toContain('events of webhooks cannot be fanned out')
  store.fanOut = fanOut
  await pass(1_000)
  expect(attempts).toEqual(['x:1', 'y:1'])
})

it('a clock that is set back after a fan-out has failed holds up the next one for a second at most', async () => {
  const { add, run, store } = start()
  add('a', 'x:1')
  const fanOut = vi.fn(store.fanOut)
  store.fanOut = fanOut.mockRejectedValueOnce(new Error('the database is away'))
  run()
  await settled()
  expect(fanOut).toHaveBeenCalledTimes(1)
  vi.setSystemTime(Date.now() - 3_600_000)
  await pass(2_000)
  expect(fanOut.mock.calls.length).toBeGreaterThan(1)
})

it('an event that is written while it runs is sent when it is woken, and otherwise within five seconds', async () => {
  const { add, run, attempts } = start()
  const { wake } = run()
  await settled()
  add('a', 'x:1')
  await settled()
  expect(attempts).toEqual([])
  wake()
  await pass(200)
  expect(attempts).toEqual(['x:1'])
  add('a', 'x:2')
  await pass(5_000)
  expect(attempts).toEqual(['x:1', 'x:2'])
})

it('what many changes write within a moment is fanned out together, and the first of it at once', async () => {
  const { add, run, attempts, store } = start()
  const { wake } = run()
  await pass(1_000)
  const fanOut = vi.spyOn(store, 'fanOut')
  for (let count = 0; count < 20; count++) {
    add('a', `x:${count}`)
    wake()
    await pass(1)
    if (count === 0) expect(attempts).toEqual(['x:0'])
  }
  await pass(200)
  expect(attempts).toHaveLength(20)
  expect(fanOut).toHaveBeenCalledTimes(2)
})

it('what is due is sent while a long fan-out is under way', async () => {
  const { add, run, attempts, store } = start()
  add('a', 'x:1', 'x:2')
  await store.fanOut()
  store.fanOut = () => new Promise(() => {})
  run()
  await settled()
  expect(attempts).toEqual(['x:1', 'x:2'])
  // Its stop would wait for the fan-out.
  running.splice(0)
})

it('a receiver that is gone is not called without a pause where its webhook cannot be disabled', async () => {
  const { add, run, attempts, store, lines } = start(() => ({ ...failed, outcome: 'gone' }))
  vi.spyOn(store, 'disableGone').mockRejectedValue(new Error('away'))
  add('a', 'x:1')
  run()
  await pass(60_000)
  expect(lines).toContain('a webhook cannot be disabled')
  expect(attempts.length).toBeGreaterThan(5)
  expect(attempts.length).toBeLessThan(20)
})

it('a failed delivery holds back those of its person alone, and is repeated with the same id', async () => {
  let isDown = true
  const { add, run, attempts } = start(({ id }) => (isDown && id === 'x:1' ? failed : delivered))
  add('a', 'x:1', 'x:2', 'y:1')
  run()
  await settled()
  expect(attempts).toEqual(['x:1', 'y:1'])
  isDown = false
  await pass(6_000)
  expect(attempts).toEqual(['x:1', 'y:1', 'x:1', 'x:2'])
})

it('a receiver that does not answer takes no place of another webhook', async () => {
  const { add, run, attempts } = start(({ url }) => (url.includes('dead') ? never() : delivered))
  for (let person = 0; person < 40; person++) add('dead', `dead-${person}:1`)
  add('b', 'x:1', 'x:2')
  const { stop } = run()
  await settled()
  expect(attempts.filter((id) => id.startsWith('dead'))).toHaveLength(mostOfOneWebhook)
  expect(attempts.filter((id) => id.startsWith('x'))).toEqual(['x:1', 'x:2'])
  running.splice(0)
  void stop(0)
})

it('a webhook that fails is paused, then tried with one attempt at a time, and goes on after a success', async () => {
  let isDown = true
  const { add, run, attempts, lines } = start(() => (isDown ? failed : delivered))
  for (let person = 0; person < 50; person++) add('a', `${person}:1`)
  run()
  await settled()
  expect(attempts).toHaveLength(mostOfOneWebhook)
  await pass(900)
  expect(attempts).toHaveLength(mostOfOneWebhook)
  await pass(100)
  expect(attempts).toHaveLength(mostOfOneWebhook + 1)
  isDown = false
  await pass(11_000)
  expect(new Set(attempts).size).toBe(50)
  expect(lines).toEqual([
    'a webhook fails; it is tried again',
    'a webhook fails and is paused',
    'a webhook fails and is paused',
    'a webhook works again',
  ])
})

it('a receiver that is gone gets nothing more, and what is pending waits', async () => {
  const { add, run, attempts, queue } = start(() => ({ ...failed, outcome: 'gone' }))
  add('a', 'x:1', 'x:2')
  run()
  await pass(600_000)
  expect(attempts).toEqual(['x:1'])
  expect(queue.map(({ eventId, attempts: count }) => [eventId, count])).toEqual([
    ['x:1', 0],
    ['x:2', 0],
  ])
})

it('a stop waits for attempts that end in time, and claims nothing more', async () => {
  const { add, run, attempts, queue } = start(
    () => new Promise((resolve) => setTimeout(resolve, 2_000, delivered)),
  )
  add('a', 'x:1', 'x:2')
  const { stop } = run()
  await settled()
  const stopped = stop(8_000)
  await pass(2_000)
  await stopped
  expect(attempts).toEqual(['x:1'])
  expect(queue.map(({ eventId }) => eventId)).toEqual(['x:2'])
})

it('a stop ends attempts that take too long, and gives their deliveries back at once', async () => {
  const { add, run, queue } = start((_attempt, signal) => onAbort(signal))
  add('a', 'x:1')
  const { stop } = run()
  await settled()
  const stopped = stop(8_000)
  await pass(8_000)
  await stopped
  expect(queue).toMatchObject([{ eventId: 'x:1', lease: null, attempts: 0 }])
})

it('a result that cannot be kept is kept later, and the delivery is not repeated', async () => {
  const { add, run, attempts, queue, store } = start()
  vi.spyOn(store, 'settle').mockRejectedValueOnce(new Error('away'))
  add('a', 'x:1')
  run()
  await settled()
  expect(queue).toHaveLength(1)
  await pass(1_000)
  expect(queue).toEqual([])
  expect(attempts).toEqual(['x:1'])
})

it('where a result could not be kept at all, the delivery is repeated after its lease', async () => {
  const { add, run, attempts, queue, store } = start()
  const settle = vi.spyOn(store, 'settle').mockRejectedValue(new Error('away'))
  add('a', 'x:1')
  run()
  await pass(24_000)
  expect(attempts).toEqual(['x:1'])
  settle.mockRestore()
  await pass(12_000)
  expect(attempts.at(-1)).toBe('x:1')
  expect(queue).toEqual([])
})

it('a store that fails is asked again', async () => {
  const { add, run, attempts, store, lines } = start()
  const due = vi.spyOn(store, 'due').mockRejectedValue(new Error('away'))
  add('a', 'x:1')
  run()
  await settled()
  expect(attempts).toEqual([])
  expect(new Set(lines)).toEqual(new Set(['webhook deliveries cannot be read']))
  due.mockRestore()
  await pass(1_000)
  expect(attempts).toEqual(['x:1'])
})

it('a stalled process does not send what its lease no longer holds', async () => {
  const { add, run, attempts, store, queue } = start()
  const { claim } = store
  vi.spyOn(store, 'claim').mockImplementationOnce(async (request) => {
    const claimed = await claim(request)
    vi.setSystemTime(Date.now() + 11_000)
    return claimed
  })
  add('a', 'x:1')
  run()
  vi.spyOn(store, 'due').mockResolvedValue([])
  await settled()
  expect(attempts).toEqual([])
  expect(queue).toHaveLength(1)
})

it('while nothing is due, what is due is read twice in five seconds: at once, and after the fan-out', async () => {
  const { run, store } = start()
  const due = vi.spyOn(store, 'due')
  const claim = vi.spyOn(store, 'claim')
  run()
  await pass(100_000)
  expect(due.mock.calls.length).toBeLessThanOrEqual(42)
  expect(claim).not.toHaveBeenCalled()
})
