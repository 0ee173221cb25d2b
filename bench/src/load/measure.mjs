import { setTimeout as wait } from 'node:timers/promises'
import { runLoad } from './run-load.mjs'

/** Loads one server for one window: calls a second, latencies in ms, CPU µs a call, MiB of memory. */
export async function measure(server, { next, connections, warm, seconds }) {
  const cpu = {}
  const core = {}
  let rss = null
  const result = await runLoad({
    port: server.port,
    connections,
    next,
    warm,
    seconds,
    onWindow: (edge) => {
      cpu[edge] = server.cpu()
      core[edge] = server.coreBusy()
      rss = server.rss()
    },
  })
  const used = cpu.start === null ? null : cpu.end - cpu.start
  const others = core.start === null ? null : core.end - core.start - used
  // What was still in flight is not part of what comes next.
  await wait(50)
  return {
    ...result,
    rss,
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
