import { readFileSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { percentile, report, tally } from '../stage/figures.ts'
import { length, rounds } from '../stage/length.ts'
import { exchange, type RawExchange, type RawRequest } from '../stage/raw-http.ts'
import { type Stage, setStage } from '../stage/stage.ts'
import { mutatedRequests } from './mutation/requests.ts'

const perRound = 500
/** Milliseconds that an answer may take. */
const hang = 1_000

/** Refusals of interface.md that are 5xx and may be right. */
const documented = ['overloaded', 'wechat_unavailable']

function faultOf({ end, replies, ms }: RawExchange): string | null {
  if (end === 'silent' || ms > hang) return `no end after ${ms.toFixed(0)} ms`
  for (const { status, body } of replies) {
    if (status >= 500 && !documented.some((reason) => body.includes(`"${reason}"`)))
      return `status ${status}: ${body.slice(0, 200)}`
    if (/\bat .*:\d+:\d+|node_modules|SQLITE/.test(body)) return `it tells of itself: ${body}`
  }
  return null
}

/** The status of a reply, and of a refusal that is the service's own, its reason. */
function nameOf({ status, body }: RawExchange['replies'][number]): string {
  const reason = status < 500 ? undefined : body.match(/"reason":"(\w+)"/)?.[1]
  return reason === undefined ? String(status) : `${status} ${reason}`
}

const residentMb = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1] ?? 0) / 1024

const collector = fileURLToPath(new URL('../stage/collector.mjs', import.meta.url))

/** What the service holds once its garbage is collected: of the system, and live objects alone. */
async function heldMb({ pid, takeLog }: Stage): Promise<{ all: number; heap: number }> {
  takeLog()
  process.kill(pid(), 'SIGUSR2')
  for (let log = ''; ; log += takeLog()) {
    const [, all, heap] = log.match(/"heldBytes":(\d+),"heapBytes":(\d+)/) ?? []
    if (heap !== undefined) return { all: Number(all) / 2 ** 20, heap: Number(heap) / 2 ** 20 }
    await after(20)
  }
}

it('no request brings it down, hangs it, or gets a 5xx that is not documented', async () => {
  const stage = await setStage({ env: { NODE_OPTIONS: `--import=${collector}` } })
  const faults: string[] = []
  const statuses: string[] = []
  const times: number[] = []
  const seed = Number(process.env['TORTURE_SEED'] ?? Date.now() % 2 ** 31)
  const send = async (request: RawRequest) => {
    const result = await exchange(stage.url, request)
    const fault = faultOf(result)
    if (fault !== null) faults.push(`${fault}\n${request.bytes.toString().slice(0, 600)}`)
    statuses.push(...result.replies.map(nameOf), result.end)
    times.push(result.ms)
  }
  let warm = { all: 0, heap: 0 }
  let mostMb = 0
  for (const round of rounds({ short: 6, long: 2_000 })) {
    const { tokens } = await stage.signIn('ming')
    const arbitrary = mutatedRequests(tokens)
    const requests = fc.sample(arbitrary, { numRuns: perRound, seed: seed + round })
    for (let at = 0; at < requests.length; at += 16)
      await Promise.all(requests.slice(at, at + 16).map(send))
    mostMb = Math.max(mostMb, residentMb(stage.pid()))
    if (stage.takeLog().includes('unexpected error')) faults.push('an unexpected error in the log')
    if (!stage.isAlive()) break
    if (round === length({ short: 1, long: 20 })) warm = await heldMb(stage)
  }
  const held = await heldMb(stage)
  report('mutated requests', {
    requests: times.length,
    seed,
    faults: faults.length,
    'p99 ms': percentile(times, 0.99),
    'max ms': percentile(times, 1),
    'held MB': `${warm.all.toFixed(0)}, then ${held.all.toFixed(0)}, at most ${mostMb.toFixed(0)}`,
    'live heap MB': `${warm.heap.toFixed(0)}, then ${held.heap.toFixed(0)}`,
    ends: JSON.stringify(tally(statuses)),
  })
  expect(stage.isAlive()).toBe(true)
  expect(faults.slice(0, 5)).toEqual([])
  expect((await stage.caller.send('/healthz')).status).toBe(200)
  expect(held.all - warm.all).toBeLessThan(50)
})
