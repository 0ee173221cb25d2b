import { expect, it } from 'vitest'
import { createCircuit, createCircuits, failuresBeforePause } from './circuit.ts'

const most = 8

/** A circuit after so many failures at the time 0. */
function failed(times: number) {
  const circuit = createCircuit()
  let pause: number | null = null
  for (let count = 0; count < times; count++) pause = circuit.fail(0, null)
  return { circuit, pause }
}

it('some failures in a row pause a webhook, one less does not', () => {
  expect(failed(failuresBeforePause - 1).pause).toBeNull()
  expect(failed(failuresBeforePause - 1).circuit.limit(0, most)).toBe(most)
  const { circuit, pause } = failed(failuresBeforePause)
  expect(pause).toBe(1_000)
  expect(circuit.pausedUntil(999)).toBe(1_000)
  expect(circuit.limit(999, most)).toBe(0)
})

it('after the pause one attempt at a time is made, and a success ends that', () => {
  const { circuit } = failed(failuresBeforePause)
  expect(circuit.pausedUntil(1_000)).toBeNull()
  expect(circuit.limit(1_000, most)).toBe(1)
  expect(circuit.succeed()).toBe(true)
  expect(circuit.limit(1_000, most)).toBe(most)
  expect(circuit.succeed()).toBe(false)
})

it('a success between failures begins the count again', () => {
  const { circuit } = failed(failuresBeforePause - 1)
  circuit.succeed()
  expect(circuit.fail(0, null)).toBeNull()
})

it('each further failure doubles the pause, up to five minutes', () => {
  const { circuit } = failed(failuresBeforePause)
  let now = 1_000
  const pauses: (number | null)[] = []
  for (let count = 0; count < 10; count++) {
    const pause = circuit.fail(now, null)
    pauses.push(pause)
    now += pause ?? 0
  }
  const seconds = [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
  expect(pauses).toEqual(seconds.map((count) => count * 1_000))
})

it('failures of attempts that began before the pause make it no longer', () => {
  const { circuit } = failed(failuresBeforePause)
  expect(circuit.fail(100, null)).toBeNull()
  expect(circuit.pausedUntil(100)).toBe(1_000)
})

it('a receiver can ask for a pause, of an hour at most', () => {
  expect(createCircuit().fail(0, 7_000)).toBe(7_000)
  expect(createCircuit().fail(0, 24 * 3_600_000)).toBe(3_600_000)
  const { circuit } = failed(failuresBeforePause)
  expect(circuit.fail(1_000, 1)).toBe(2_000)
})

it('a pause that the receiver asked for outlasts the success of an attempt that began before, and a pause of our own', () => {
  const circuit = createCircuit()
  circuit.fail(0, 7_000)
  expect(circuit.succeed()).toBe(true)
  expect(circuit.pausedUntil(1)).toBe(7_000)
  const { circuit: paused } = failed(failuresBeforePause)
  expect(paused.fail(100, 60_000)).toBe(60_000)
  expect(paused.fail(200, 1_000)).toBeNull()
  expect(paused.limit(60_099, most)).toBe(0)
  expect(paused.limit(60_100, most)).toBe(1)
})

it('a clock that is set back by more than a pause can last ends the pause', () => {
  const day = 24 * 3_600_000
  const circuit = createCircuit()
  circuit.fail(day, 7_000)
  expect(circuit.pausedUntil(day + 1)).toBe(day + 7_000)
  expect(circuit.pausedUntil(1)).toBeNull()
  expect(circuit.limit(1, most)).toBe(most)
  expect(circuit.fail(1, 5_000)).toBe(5_000)
})

it('after a pause that the receiver asked for all attempts go on', () => {
  const circuit = createCircuit()
  circuit.fail(0, 7_000)
  expect(circuit.limit(6_999, most)).toBe(0)
  expect(circuit.limit(7_000, most)).toBe(most)
})

it('the first failure of a webhook is in the log, and that it works again; what is between is not', () => {
  const lines: (readonly [string, object, string])[] = []
  const circuits = createCircuits({
    info: (fields, text) => void lines.push(['info', fields, text]),
    warn: (fields, text) => void lines.push(['warn', fields, text]),
    error: (fields, text) => void lines.push(['error', fields, text]),
  })
  const called = { webhookId: 'a', url: 'https://a.example/' }
  const note = (outcome: 'forbidden_address' | 'timeout' | 'delivered') =>
    circuits.note(called, { outcome, error: outcome, retryAfter: null }, 0)
  for (const outcome of ['delivered', 'timeout', 'timeout', 'delivered', 'delivered'] as const)
    note(outcome)
  note('forbidden_address')
  expect(lines).toEqual([
    ['warn', { webhookId: 'a', error: 'timeout' }, 'a webhook fails; it is tried again'],
    ['info', { webhookId: 'a' }, 'a webhook works again'],
    [
      'warn',
      { webhookId: 'a', error: 'forbidden_address' },
      'a webhook fails: its address is private, and WEBHOOK_ALLOW of this service does not list it',
    ],
  ])
})

it('Retry-After pauses the whole webhook with 429 alone, until its address changes', () => {
  const line = (): void => {}
  const circuits = createCircuits({ info: line, warn: line, error: line })
  const failure = { outcome: 'failed', error: 'HTTP 503', retryAfter: 60_000 } as const
  const called = { webhookId: 'a', url: 'https://a.example/' }
  circuits.note(called, failure, 0)
  expect(circuits.pausedUntil('a', 1)).toBeNull()
  circuits.note(called, { ...failure, outcome: 'refused', error: 'HTTP 429' }, 0)
  expect(circuits.pausedUntil('a', 1)).toBe(60_000)
  circuits.keepOnly([called])
  expect(circuits.pausedUntil('a', 1)).toBe(60_000)
  circuits.keepOnly([{ ...called, url: 'https://corrected.example/' }])
  expect(circuits.pausedUntil('a', 1)).toBeNull()
})
