import { setTimeout as after } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { percentile, report, spread, tally } from '../stage/figures.ts'
import { isLong, length } from '../stage/length.ts'
import { type Stage, setStage } from '../stage/stage.ts'
import type { Mood } from '../stage/wechat.ts'

/** Signs in without pause from `workers` phones for `ms`, and asks `me` beside. */
async function rideOut(
  stage: Stage,
  token: string,
  { ms, workers }: { ms: number; workers: number },
) {
  const end = Date.now() + ms
  const reasons: string[] = []
  const times: number[] = []
  const beside: number[] = []
  const signIn = async (worker: number) => {
    while (Date.now() < end) {
      const { reason, ms: took } = await stage.miniLogin(`person-${worker}`)
      reasons.push(reason ?? 'signed in')
      times.push(took)
      await after(20)
    }
  }
  const ask = async () => {
    while (Date.now() < end) {
      const { reason, ms: took } = await stage.caller.call('me', { token })
      if (reason !== null) reasons.push(`me: ${reason}`)
      beside.push(took)
      await after(10)
    }
  }
  await Promise.all([...Array.from({ length: workers }, (_, worker) => signIn(worker)), ask()])
  return { reasons: tally(reasons), times, beside }
}

/** Milliseconds until a sign-in goes through again. */
async function recovery({ miniLogin }: Stage): Promise<number> {
  const startedAt = performance.now()
  while ((await miniLogin('ming')).reason !== null) await after(100)
  return performance.now() - startedAt
}

const some: Mood[] = ['down', 'garbage', 'silent']
const moods: Mood[] = isLong ? [...some, 'cut', 'huge', 'http500'] : some

it('a WeChat that is down, slow or mad is a clear refusal, and soon forgotten', async () => {
  const stage = await setStage()
  const { tokens } = await stage.signIn('ming')
  const figures: Record<string, string> = {}
  const [refusals, recoveries, beside]: number[][] = [[], [], []]
  for (const mood of moods) {
    stage.wechat.become(mood)
    // The silent one is waited for until its time-out, and the breaker opens then.
    const ms = length({ short: mood === 'silent' ? 3_500 : 400, long: 100_000 })
    const ride = await rideOut(stage, tokens.accessToken, { ms, workers: 10 })
    expect(Object.keys(ride.reasons)).toEqual(['wechat_unavailable'])
    refusals?.push(...ride.times)
    beside?.push(...ride.beside)
    // What the breaker refuses takes less than what the time-out ends, so the median tells of it.
    figures[`${mood} p50 ms`] = percentile(ride.times, 0.5).toFixed(0)
    stage.wechat.become('well')
    recoveries?.push(await recovery(stage))
  }
  const calls = Math.max(...stage.wechat.asked.values())
  report('WeChat down, slow, garbage', {
    refusals: refusals?.length ?? 0,
    refused: spread(refusals ?? []),
    ...figures,
    'me beside': spread(beside ?? []),
    'recovery max ms': percentile(recoveries ?? [], 1),
    codes: stage.wechat.asked.size,
    'calls a code': calls,
  })
  expect(calls).toBe(1)
  expect(percentile(recoveries ?? [], 1)).toBeLessThan(10_000)
  if (!isLong) return
  expect(percentile(refusals ?? [], 0.99)).toBeLessThan(3_200)
  expect(percentile(beside ?? [], 0.99)).toBeLessThan(100)
})

it('once the breaker is open WeChat is left alone', async () => {
  const stage = await setStage()
  stage.wechat.become('down')
  await rideOut(stage, '', { ms: 200, workers: 10 })
  const asked = stage.wechat.asked.size
  const quick = await rideOut(stage, '', { ms: 400, workers: 4 })
  const through = stage.wechat.asked.size - asked
  report('breaker open', { refusals: quick.times.length, refused: spread(quick.times), through })
  expect(through).toBeLessThanOrEqual(1)
  if (isLong) expect(percentile(quick.times, 0.95)).toBeLessThan(50)
})
