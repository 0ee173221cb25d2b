import { setTimeout as wait } from 'node:timers/promises'
import { heat, runLoad } from './run-load.mjs'

/** Seconds until a server that is hot has taken up the new load. */
const shortWarm = 0.3

/**
 * Loads one server for one window: calls a second, latencies in ms, CPU µs a call, MiB of memory.
 * `cold` says that the server has not met this load yet; `beside` is a second load, `{ next, connections }`, that goes on at the same time.
 */
export async function measure(server, how) {
  const { next, connections, seconds, cold = false, warm = shortWarm, beside = null } = how
  if (cold) await heat({ port: server.port, next, connections })
  const cpu = {}
  const core = {}
  let rss = null
  const window = { port: server.port, warm, seconds }
  const aside = beside === null ? null : runLoad({ ...window, ...beside })
  const main = runLoad({
    ...window,
    connections,
    next,
    onWindow: (edge) => {
      cpu[edge] = server.cpu()
      core[edge] = server.coreBusy()
      rss = server.rss()
    },
  })
  const [result, besides] = await Promise.all([main, aside])
  if (result.count === 0) throw new Error('the server answered nothing')
  const used = cpu.start === null ? null : cpu.end - cpu.start
  const others = core.start === null ? null : core.end - core.start - used
  // What was still in flight is not part of what comes next.
  await wait(50)
  return {
    ...result,
    rss,
    besideRate: besides?.rate ?? null,
    cpu: used === null ? null : used / result.count,
    /** Which share of the server's core went to somebody else. */
    othersShare: others === null ? null : Math.max(0, others / 1_000_000 / seconds),
  }
}

/** Starts a server, hands it to `work` and stops it, whatever happens. */
export async function withServer(start, data, work) {
  const server = await start(data)
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}
