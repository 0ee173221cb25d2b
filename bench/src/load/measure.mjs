import { setTimeout as wait } from 'node:timers/promises'
import { startLoad } from './start-load.mjs'

/** Meets a server with every load that it has not met yet (`cold`), until the engine has compiled what is hot. */
export async function warmUp({ port }, loads) {
  for (const { next, connections, cold } of loads) {
    if (!cold) continue
    const load = startLoad({ port, connections, next })
    await load.steady({ cold }).finally(() => load.stop())
  }
}

/**
 * Loads one warm server for one window: calls a second, latencies in ms, CPU µs a call, MiB of memory. `beside`
 * is a second load, `{ next, connections }`, that goes on at the same time.
 */
export async function measure(server, { next, connections, seconds, beside = null }) {
  const { port } = server
  const main = startLoad({ port, connections, next })
  const aside = beside === null ? null : startLoad({ port, ...beside })
  try {
    await Promise.all([main.steady({ cold: false }), aside?.steady({ cold: false })])
    const before = gauge(server)
    const [result, besides] = await Promise.all([main.window(seconds), aside?.window(seconds)])
    if (result.count === 0) throw new Error('the server answered nothing')
    return { ...result, besideRate: besides?.rate ?? null, ...costs(server, before, result) }
  } finally {
    main.stop()
    aside?.stop()
    // What was still in flight is not part of what comes next.
    await wait(50)
  }
}

const gauge = (server) => ({ cpu: server.cpu(), core: server.coreBusy() })

function costs(server, before, { count, elapsed }) {
  const now = gauge(server)
  const used = now.cpu === null ? null : now.cpu - before.cpu
  const others = now.core === null ? null : now.core - before.core - used
  return {
    rss: server.rss(),
    cpu: used === null ? null : used / count,
    /** Which share of the server's core went to somebody else. */
    othersShare: others === null ? null : Math.max(0, others / 1000 / elapsed),
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
