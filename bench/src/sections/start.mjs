import { setTimeout as wait } from 'node:timers/promises'
import { withServer } from '../load/measure.mjs'

const startsPerRound = 7
/** The time in which background work of a start finishes, in ms. */
const settleMs = 1_500

/**
 * Measures the time and the CPU time from the process start to the first 200, and the idle memory after that. Each server
 * is started as its user starts it. The service stores compiled code when it ends, so its first start, which has none, is
 * another row than the start after it, which is what a restart or an upgrade of the configuration does.
 */
export async function compareStarts({ servers, data, options, log }) {
  const ids = ['mianmiFirstStart', 'mianmi', 'fastify', 'fastifyAlone']
  const results = new Map(ids.map((id) => [id, []]))
  for (let turn = 0; turn < startsPerRound * options.rounds; turn += 1)
    for (const id of ids)
      await withServer(servers[id], data, async (server) => {
        await wait(settleMs)
        const { startMs, startCpuMs } = server
        results.get(id).push({ turn, startMs, startCpuMs, rss: server.rss() })
      })
  for (const id of ids)
    log(`${id}: ${results.get(id).map(({ startMs }) => Math.round(startMs))} ms`)
  return results
}
