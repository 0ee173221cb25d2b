import { expect, test } from 'vitest'
import { unavailableError, WechatError } from '../../wechat-error.ts'
import { createCircuitBreaker } from './circuit-breaker.ts'

function withClock() {
  let time = 1_790_000_000_000
  let runCount = 0
  const options = { failures: 3, window: 60_000, pause: 1_000, maxPause: 4_000 }
  const breaker = createCircuitBreaker({ ...options, now: () => time })
  const run = (error?: Error) =>
    breaker
      .run(async () => {
        runCount += 1
        if (error !== undefined) throw error
      })
      .catch((failure: unknown) => failure)
  return {
    breaker,
    run,
    fail: () => run(unavailableError('down')),
    advance: (ms: number) => {
      time += ms
    },
    runCount: () => runCount,
  }
}

function hold() {
  let end = (_error?: Error) => {}
  const work = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error))
  })
  return { work: () => work, end }
}

test('it opens after the given number of consecutive failures, and then runs nothing', async () => {
  const { fail, run, runCount } = withClock()
  for (let call = 0; call < 3; call += 1) await fail()
  const refused = await run()
  expect(refused).toBeInstanceOf(WechatError)
  expect(refused).toMatchObject({ kind: 'unavailable', errcode: null, retryAfter: 1 })
  expect(runCount()).toBe(3)
})

test('a success resets the count of failures', async () => {
  const { fail, run, runCount } = withClock()
  for (const call of [fail, fail, run, fail, fail, run]) await call()
  expect(await run()).toBe(undefined)
  expect(runCount()).toBe(7)
})

test('failures further apart than the window do not open the breaker', async () => {
  const { fail, advance, runCount } = withClock()
  for (let call = 0; call < 10; call += 1) {
    await fail()
    advance(30_000)
  }
  expect(runCount()).toBe(10)
})

test('failures while the clock was ahead do not open the breaker', async () => {
  const { fail, run, advance, runCount } = withClock()
  for (let call = 0; call < 2; call += 1) await fail()
  advance(-30_000)
  await fail()
  await run()
  expect(runCount()).toBe(4)
})

test('after the pause one of many calls passes, and its success closes the breaker', async () => {
  const { breaker, fail, run, advance, runCount } = withClock()
  for (let call = 0; call < 3; call += 1) await fail()
  advance(999)
  expect(await run()).toMatchObject({ kind: 'unavailable' })
  advance(1)
  const probe = hold()
  const probing = breaker.run(probe.work)
  const others = await Promise.all(Array.from({ length: 20 }, () => run()))
  expect(others.every((outcome) => outcome instanceof WechatError)).toBe(true)
  expect(runCount()).toBe(3)
  probe.end()
  await probing
  expect(await run()).toBe(undefined)
})

test('a probe that succeeds closes the breaker', async () => {
  const { fail, run, advance } = withClock()
  for (let call = 0; call < 3; call += 1) await fail()
  advance(1_000)
  await run()
  expect(await run()).toBe(undefined)
})

test('the pause doubles with each failed probe, up to its limit', async () => {
  const { fail, run, advance } = withClock()
  for (let call = 0; call < 3; call += 1) await fail()
  for (const [pause, retryAfter] of [
    [1_000, 2],
    [2_000, 4],
    [4_000, 4],
    [4_000, 4],
  ] as const) {
    advance(pause)
    expect(await fail()).toMatchObject({ message: expect.stringContaining('down') })
    expect(await run()).toMatchObject({ retryAfter })
  }
})

test('retryAfter is the rest of the pause, rounded up to whole seconds', async () => {
  const { fail, run, advance } = withClock()
  for (let call = 0; call < 3; call += 1) await fail()
  advance(1_000)
  await fail()
  expect(await run()).toMatchObject({ retryAfter: 2 })
  advance(999)
  expect(await run()).toMatchObject({ retryAfter: 2 })
  advance(1)
  expect(await run()).toMatchObject({ retryAfter: 1 })
})

test('after it has closed, the pause starts at its first value again', async () => {
  const { fail, run, advance } = withClock()
  for (let call = 0; call < 3; call += 1) await fail()
  advance(1_000)
  await fail()
  advance(2_000)
  await run()
  for (let call = 0; call < 3; call += 1) await fail()
  expect(await run()).toMatchObject({ retryAfter: 1 })
})

test('calls that began before it opened or closed do not count', async () => {
  const { breaker, fail, run, advance } = withClock()
  const late = Array.from({ length: 4 }, hold)
  const lateCalls = late.map(({ work }) => breaker.run(work).catch(() => {}))
  for (let call = 0; call < 3; call += 1) await fail()
  late[0]?.end()
  await lateCalls[0]
  expect(await run()).toMatchObject({ kind: 'unavailable' })
  advance(1_000)
  expect(await run()).toBe(undefined)
  for (const { end } of late.slice(1)) end(unavailableError('too slow'))
  await Promise.all(lateCalls)
  expect(await run()).toBe(undefined)
})

test('a clock that is set back does not keep the breaker open', async () => {
  const { fail, run, advance } = withClock()
  for (let call = 0; call < 3; call += 1) await fail()
  advance(-3_600_000)
  expect(await run()).toBe(undefined)
})
