import { setTimeout as wait } from 'node:timers/promises'
import { runLoad } from './run-load.mjs'

/**
 * Loads one server for one window: calls a second, latencies in ms, CPU µs a call, MiB of memory.
 * `beside` is a second load, `{ next, connections }`, that goes on at the same time.
 */
export async function measure(server, { next, connections, warm, seconds, beside = null }) {
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
  if (result.count === 0) throw new Error('nothing was answered in the window')
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
