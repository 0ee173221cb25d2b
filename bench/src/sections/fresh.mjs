import { meByPlainHttp, meByTrpc } from '../load/calls.mjs'
import { withServer } from '../load/measure.mjs'
import { startLoad } from '../load/start-load.mjs'

/** How long a new process is under load, in s. */
const seconds = 15
/** The part of that in which it is called new. */
export const newSeconds = 10
/** The throughput from this second on must be nearly that of later. */
export const warmAfter = 2

const settledFrom = newSeconds * 1000

/**
 * Measures `me` of a process that became ready this moment, under full load: while V8 compiles, statements are prepared
 * and caches fill. The bare route goes through the same.
 */
export async function compareFreshProcesses({ servers, data, options, log }) {
  const candidates = { mianmi: meByTrpc(data), fastify: meByPlainHttp(data) }
  const ids = Object.keys(candidates)
  const results = new Map(ids.map((id) => [id, []]))
  for (let turn = 0; turn < options.rounds; turn += 1)
    for (const id of turn % 2 === 0 ? ids : ids.toReversed()) {
      const measured = await withServer(servers[id], data, async (server) => {
        const { connections } = options
        const load = startLoad({ port: server.port, connections, next: candidates[id] })
        return await load.timeline(seconds).finally(() => load.stop())
      })
      results.get(id).push({ turn, ...summary(measured) })
    }
  for (const id of ids) log(`${id}: p99 ${results.get(id).map(({ p99 }) => p99.toFixed(1))} ms`)
  return results
}

function summary(replies) {
  const from = (start, end) => replies.filter(({ at }) => at >= start && at < end)
  const rate = (start, end) => (from(start, end).length * 1000) / (end - start)
  const p99Of = (found) => {
    const sorted = Float64Array.from(found, ({ ms }) => ms).sort()
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))]
  }
  const settled = rate(settledFrom, seconds * 1000)
  const early = rate(warmAfter * 1000, (warmAfter + 2) * 1000)
  return {
    p99: p99Of(from(0, settledFrom)),
    p99Settled: p99Of(from(settledFrom, seconds * 1000)),
    firstSecond: rate(0, 1000),
    early,
    settled,
    earlyShare: early / settled,
  }
}
