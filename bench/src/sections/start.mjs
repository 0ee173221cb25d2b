import { setTimeout as wait } from 'node:timers/promises'
import { withServer } from '../load/measure.mjs'

const startsPerRound = 3
/** The time in which background work of a start finishes, in ms. */
const settleMs = 500

/** Measures the time from the process start to the first 200, and the idle memory after that. */
export async function compareStarts({ servers, data, options, log }) {
  const ids = ['mianmi', 'fastify', 'fastifyAlone']
  const results = new Map(ids.map((id) => [id, []]))
  for (let turn = 0; turn < startsPerRound * options.rounds; turn += 1)
    for (const id of ids)
      await withServer(servers[id], data, async (server) => {
        await wait(settleMs)
        results.get(id).push({ turn, startMs: server.startMs, rss: server.rss() })
      })
  for (const id of ids)
    log(`${id}: ${results.get(id).map(({ startMs }) => Math.round(startMs))} ms`)
  return results
}
