import { setTimeout as after } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { nodesUnderTest } from '../../test/under-test/database.ts'
import type { WechatMode } from '../harness/fake-wechat.ts'
import { formatLatency, percentile, report, tally } from '../harness/figures.ts'
import { type Harness, startHarness } from '../harness/harness.ts'
import { countFor, isLongRun } from '../harness/run-length.ts'

/** Signs in from `workers` clients for `ms`, and calls `me` at the same time. */
async function callDuringFault(
  harness: Harness,
  token: string,
  { ms, workers }: { ms: number; workers: number },
) {
  const end = Date.now() + ms
  const reasons: string[] = []
  const times: number[] = []
  const meTimes: number[] = []
  const signIn = async (worker: number) => {
    while (Date.now() < end) {
      const { reason, ms: took } = await harness.miniLogin(`person-${worker}`)
      reasons.push(reason ?? 'signed in')
      times.push(took)
      await after(20)
    }
  }
  const callMe = async () => {
    while (Date.now() < end) {
      const { reason, ms: took } = await harness.client.call('me', { token })
      if (reason !== null) reasons.push(`me: ${reason}`)
      meTimes.push(took)
      await after(10)
    }
  }
  await Promise.all([...Array.from({ length: workers }, (_, worker) => signIn(worker)), callMe()])
  return { reasons: tally(reasons), times, meTimes }
}

/** Waits until a sign-in succeeds. Returns the time in ms. */
async function recoveryMs({ miniLogin }: Harness): Promise<number> {
  const startedAt = performance.now()
  while ((await miniLogin('ming')).reason !== null) await after(100)
  return performance.now() - startedAt
}

const shortRunModes: WechatMode[] = ['down', 'garbage', 'silent']
const modes: WechatMode[] = isLongRun ? [...shortRunModes, 'cut', 'huge', 'http500'] : shortRunModes

it('while WeChat is down, slow or sends garbage, sign-ins are refused as wechat_unavailable; afterwards they succeed again', async () => {
  const harness = await startHarness()
  const { tokens } = await harness.signIn('ming')
  const figures: Record<string, string> = {}
  const refusals: number[] = []
  const recoveries: number[] = []
  const meTimes: number[] = []
  for (const mode of modes) {
    harness.wechat.setMode(mode)
    // Calls to a silent WeChat end at the time-out, and only then does the circuit breaker open.
    const ms = countFor({ short: mode === 'silent' ? 3_500 : 400, long: 100_000 })
    const during = await callDuringFault(harness, tokens.accessToken, { ms, workers: 10 })
    expect(Object.keys(during.reasons)).toEqual(['wechat_unavailable'])
    refusals.push(...during.times)
    meTimes.push(...during.meTimes)
    // Refusals by the circuit breaker are faster than time-outs, so the median shows whether it opened.
    figures[`${mode} p50 ms`] = percentile(during.times, 0.5).toFixed(0)
    harness.wechat.setMode('healthy')
    recoveries.push(await recoveryMs(harness))
  }
  const calls = Math.max(...harness.wechat.callsPerCode.values())
  report('WeChat down, slow, garbage', {
    refusals: refusals.length,
    refused: formatLatency(refusals),
    ...figures,
    'concurrent me': formatLatency(meTimes),
    'recovery max ms': percentile(recoveries, 1),
    codes: harness.wechat.callsPerCode.size,
    'calls a code': calls,
  })
  expect(calls).toBe(1)
  expect(percentile(recoveries, 1)).toBeLessThan(10_000)
  if (!isLongRun) return
  expect(percentile(refusals, 0.99)).toBeLessThan(3_200)
  expect(percentile(meTimes, 0.99)).toBeLessThan(100)
})

it('while the circuit breaker is open, at most one call of each node reaches WeChat', async () => {
  const harness = await startHarness()
  harness.wechat.setMode('down')
  // Each node has a circuit breaker of its own.
  const nodes = nodesUnderTest()
  await callDuringFault(harness, '', { ms: 200 * nodes, workers: 10 * nodes })
  const before = harness.wechat.callsPerCode.size
  const refused = await callDuringFault(harness, '', { ms: 400, workers: 4 })
  const callsToWechat = harness.wechat.callsPerCode.size - before
  report('circuit breaker open', {
    refusals: refused.times.length,
    refused: formatLatency(refused.times),
    'calls to WeChat': callsToWechat,
  })
  expect(callsToWechat).toBeLessThanOrEqual(nodes)
  if (isLongRun) expect(percentile(refused.times, 0.95)).toBeLessThan(50)
})
