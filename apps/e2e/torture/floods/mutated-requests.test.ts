import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { percentile, report, tally } from '../harness/figures.ts'
import { type Harness, startHarness } from '../harness/harness.ts'
import { type RawRequest, type RawResult, sendRaw } from '../harness/raw-http.ts'
import { countFor, isLongRun, rounds } from '../harness/run-length.ts'
import { mutatedRequests } from './mutated-requests/requests.ts'

const requestsPerRound = 500
/** The longest time that a reply may take, in ms; the short run asserts no times, but no reply at all is a fault. */
const maxReplyMs = isLongRun ? 1_000 : Number.POSITIVE_INFINITY

/** Documented reasons with a 5xx status that may occur here. */
const allowedReasons = ['overloaded', 'wechat_unavailable']

function findFault({ end, replies, ms }: RawResult): string | null {
  if (end === 'timeout' || ms > maxReplyMs) return `no reply after ${ms.toFixed(0)} ms`
  for (const { status, body } of replies) {
    if (status >= 500 && !allowedReasons.some((reason) => body.includes(`"${reason}"`)))
      return `status ${status}: ${body.slice(0, 200)}`
    if (/\bat .*:\d+:\d+|node_modules|SQLITE/.test(body)) return `internals in the reply: ${body}`
  }
  return null
}

/** The status of a reply, and the `reason` of a 5xx reply. */
function labelOf({ status, body }: RawResult['replies'][number]): string {
  const reason = status < 500 ? undefined : body.match(/"reason":"(\w+)"/)?.[1]
  return reason === undefined ? String(status) : `${status} ${reason}`
}

const residentMb = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1] ?? 0) / 1024

const collectGarbage = fileURLToPath(new URL('../harness/collect-garbage.mjs', import.meta.url))

/** Memory of the service after a garbage collection, in MB: resident, and live heap objects. */
async function memoryMb({ pid, takeNewLog }: Harness): Promise<{ resident: number; heap: number }> {
  takeNewLog()
  process.kill(pid(), 'SIGUSR2')
  for (let log = ''; ; log += takeNewLog()) {
    const [, resident, heap] = log.match(/"residentBytes":(\d+),"heapBytes":(\d+)/) ?? []
    if (heap !== undefined)
      return { resident: Number(resident) / 2 ** 20, heap: Number(heap) / 2 ** 20 }
    await wait(20)
  }
}

it('no malformed request crashes the service, blocks it, or gets an undocumented 5xx', async () => {
  const harness = await startHarness({ env: { NODE_OPTIONS: `--import=${collectGarbage}` } })
  const faults: string[] = []
  const labels: string[] = []
  const times: number[] = []
  const seed = Number(process.env['TORTURE_SEED'] ?? Date.now() % 2 ** 31)
  const send = async (request: RawRequest) => {
    const result = await sendRaw(harness.url, request)
    const fault = findFault(result)
    if (fault !== null) faults.push(`${fault}\n${request.bytes.toString().slice(0, 600)}`)
    labels.push(...result.replies.map(labelOf), result.end)
    times.push(result.ms)
  }
  let before = { resident: 0, heap: 0 }
  let maxResidentMb = 0
  for (const round of rounds({ short: 6, long: 2_000 })) {
    const { tokens } = await harness.signIn('ming')
    const arbitrary = mutatedRequests(tokens)
    const requests = fc.sample(arbitrary, { numRuns: requestsPerRound, seed: seed + round })
    for (let at = 0; at < requests.length; at += 16)
      await Promise.all(requests.slice(at, at + 16).map(send))
    maxResidentMb = Math.max(maxResidentMb, residentMb(harness.pid()))
    if (harness.takeNewLog().includes('unexpected error'))
      faults.push('an unexpected error in the log')
    if (!harness.isAlive()) break
    if (round === countFor({ short: 1, long: 20 })) before = await memoryMb(harness)
  }
  const after = await memoryMb(harness)
  report('mutated requests', {
    requests: times.length,
    seed,
    faults: faults.length,
    'p99 ms': percentile(times, 0.99),
    'max ms': percentile(times, 1),
    'resident MB': `${before.resident.toFixed(0)}, then ${after.resident.toFixed(0)}, at most ${maxResidentMb.toFixed(0)}`,
    'live heap MB': `${before.heap.toFixed(0)}, then ${after.heap.toFixed(0)}`,
    results: JSON.stringify(tally(labels)),
  })
  expect(harness.isAlive()).toBe(true)
  expect(faults.slice(0, 5)).toEqual([])
  // Mutations are small enough that some requests succeed and others fail at each stage.
  expect(labels).toEqual(expect.arrayContaining(['200', '400', '401', '403', '404']))
  expect((await harness.client.send('/healthz')).status).toBe(200)
  // V8 compiles what was lazy, 30 to 50 MB of it; what is kept for requests is in the live heap.
  expect(after.resident - before.resident).toBeLessThan(100)
  expect(after.heap - before.heap).toBeLessThan(20)
})
