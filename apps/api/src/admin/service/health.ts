import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import process from 'node:process'
import type { Overview } from '@mianmi/core/admin'
import { version } from '../../process/command-line.ts'
import type { StoreHealth } from '../../store/store.ts'

/** Sampling interval in ms. Each delay that the monitor reports contains it. */
const resolution = 20

/** Reports the health of the process. The event loop's lag is that since the last `read`. */
export function createHealthMonitor(store: Pick<StoreHealth, 'bytes'>): {
  read(): Promise<Overview['health']>
  stop(): void
} {
  const delays = monitorEventLoopDelay({ resolution })
  delays.enable()
  return {
    async read() {
      const lag = delays.percentile(99) / 1e6 - resolution
      delays.reset()
      const { heapUsed, rss } = process.memoryUsage()
      return {
        startedAt: Math.round(performance.timeOrigin),
        version,
        node: process.versions.node,
        eventLoopP99Ms: Number.isFinite(lag) ? Math.max(0, Math.round(lag * 10) / 10) : 0,
        heapBytes: heapUsed,
        rssBytes: rss,
        databaseBytes: await store.bytes(),
      }
    },
    stop: () => void delays.disable(),
  }
}
