import { setTimeout as wait } from 'node:timers/promises'
import { startLoad } from './start-load.mjs'

/** Applies each load that is new to the server (`cold`) until V8 has optimised its hot code. */
export async function warmUp({ port }, loads) {
  for (const { next, connections, cold } of loads) {
    if (!cold) continue
    const load = startLoad({ port, connections, next })
    await load.steady({ cold }).finally(() => load.stop())
  }
}

/**
 * Measures a warm server in one window: calls per second, latencies in ms, CPU time per call in µs, memory in MiB.
 * `background` is a second load, `{ next, connections }`, that runs at the same time.
 */
export async function measure(server, { next, connections, seconds, background = null }) {
  const { port } = server
  const main = startLoad({ port, connections, next })
  const backgroundLoad = background === null ? null : startLoad({ port, ...background })
  try {
    await Promise.all([main.steady({ cold: false }), backgroundLoad?.steady({ cold: false })])
    const before = readCounters(server)
    const [result, backgroundResult] = await Promise.all([
      main.window(seconds),
      backgroundLoad?.window(seconds),
    ])
    if (result.count === 0) throw new Error('the server sent no reply')
    return {
      ...result,
      backgroundRate: backgroundResult?.rate ?? null,
      ...costs(server, before, result),
    }
  } finally {
    main.stop()
    backgroundLoad?.stop()
    // Lets the server finish the calls in flight, so that they do not affect the next window.
    await wait(50)
  }
}

const readCounters = (server) => ({
  cpu: server.cpu(),
  core: server.coreBusy(),
  database: server.databaseCpu?.() ?? null,
})

function costs(server, before, { count, elapsed }) {
  const now = readCounters(server)
  const used = now.cpu === null ? null : now.cpu - before.cpu
  const others = now.core === null ? null : now.core - before.core - used
  return {
    rss: server.rss(),
    cpu: used === null ? null : used / count,
    databaseCpu: now.database === null ? null : (now.database - before.database) / count,
    /** The share of the server's core that other programs used. */
    othersShare: others === null ? null : Math.max(0, others / 1000 / elapsed),
  }
}

/** Starts a server, passes it to `work`, and stops it even after an error. */
export async function withServer(start, data, work) {
  const server = await start(data)
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}
