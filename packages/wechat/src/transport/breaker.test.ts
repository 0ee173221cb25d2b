import { expect, test } from 'vitest'
import { unavailable, WechatError } from '../wechat-error.ts'
import { createBreaker } from './breaker.ts'

function withClock() {
  let time = 1_790_000_000_000
  let asked = 0
  const options = { failures: 3, window: 60_000, pause: 1_000, maxPause: 4_000 }
  const breaker = createBreaker({ ...options, now: () => time })
  const ask = (error?: Error) =>
    breaker
      .guard(async () => {
        asked += 1
        if (error !== undefined) throw error
      })
      .catch((failure: unknown) => failure)
  return {
    breaker,
    ask,
    fail: () => ask(unavailable('down')),
    pass: (ms: number) => {
      time += ms
    },
    asked: () => asked,
  }
}

function hold() {
  let end = (_error?: Error) => {}
  const work = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error))
  })
  return { work: () => work, end }
}

test('it opens after that many failures in a row, and then nobody is asked', async () => {
  const { fail, ask, asked } = withClock()
  for (let call = 0; call < 3; call += 1) await fail()
  const refused = await ask()
  expect(refused).toBeInstanceOf(WechatError)
  expect(refused).toMatchObject({ kind: 'unavailable', errcode: null, retryAfter: 1 })
  expect(asked()).toBe(3)
})

test('a success between failures starts the count again', async () => {
  const { fail, ask, asked } = withClock()
  for (const call of [fail, fail, ask, fail, fail, ask]) await call()
  expect(await ask()).toBe(undefined)
  expect(asked()).toBe(7)
})

test('failures far apart do not open it', async () => {
  const { fail, pass, asked } = withClock()
  for (let call = 0; call < 10; call += 1) {
    await fail()
    pass(30_000)
  }
  expect(asked()).toBe(10)
})

test('after its pause one call of many is let through, and a success closes it', async () => {
  const { breaker, fail, ask, pass, asked } = withClock()
  for (let call = 0; call < 3; call += 1) await fail()
  pass(999)
  expect(await ask()).toMatchObject({ kind: 'unavailable' })
  pass(1)
  const probe = hold()
  const probing = breaker.guard(probe.work)
  const others = await Promise.all(Array.from({ length: 20 }, () => ask()))
  expect(others.every((outcome) => outcome instanceof WechatError)).toBe(true)
  expect(asked()).toBe(3)
  probe.end()
  await probing
  expect(await ask()).toBe(undefined)
})

test('a probe that is answered with a refusal closes it too', async () => {
  const { fail, ask, pass } = withClock()
  for (let call = 0; call < 3; call += 1) await fail()
  pass(1_000)
  await ask()
  expect(await ask()).toBe(undefined)
})

test('the pause doubles with each failed probe, up to its limit', async () => {
  const { fail, ask, pass } = withClock()
  for (let call = 0; call < 3; call += 1) await fail()
  for (const [pause, retryAfter] of [
    [1_000, 2],
    [2_000, 4],
    [4_000, 4],
    [4_000, 4],
  ] as const) {
    pass(pause)
    expect(await fail()).toMatchObject({ message: expect.stringContaining('down') })
    expect(await ask()).toMatchObject({ retryAfter })
  }
})

test('once closed it opens for the first, short pause again', async () => {
  const { fail, ask, pass } = withClock()
  for (let call = 0; call < 3; call += 1) await fail()
  pass(1_000)
  await fail()
  pass(2_000)
  await ask()
  for (let call = 0; call < 3; call += 1) await fail()
  expect(await ask()).toMatchObject({ retryAfter: 1 })
})

test('what began before it opened or closed no longer counts', async () => {
  const { breaker, fail, ask, pass } = withClock()
  const late = Array.from({ length: 4 }, hold)
  const lateCalls = late.map(({ work }) => breaker.guard(work).catch(() => {}))
  for (let call = 0; call < 3; call += 1) await fail()
  late[0]?.end()
  await lateCalls[0]
  expect(await ask()).toMatchObject({ kind: 'unavailable' })
  pass(1_000)
  expect(await ask()).toBe(undefined)
  for (const { end } of late.slice(1)) end(unavailable('too slow'))
  await Promise.all(lateCalls)
  expect(await ask()).toBe(undefined)
})

test('a clock that is set back does not hold it open', async () => {
  const { fail, ask, pass } = withClock()
  for (let call = 0; call < 3; call += 1) await fail()
  pass(-3_600_000)
  expect(await ask()).toBe(undefined)
})
