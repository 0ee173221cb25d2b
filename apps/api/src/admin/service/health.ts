import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import process from 'node:process'
import type { Overview } from '@mianmi/core/admin'
import { version } from '../../process/command-line.ts'
import type { Database } from '../../store/sqlite/index.ts'

/** Sampling interval in ms. Each delay that the monitor reports contains it. */
const resolution = 20

/** Reports the health of the process. The event loop's lag is that since the last `read`. */
export function createHealthMonitor({ sqlite }: Pick<Database, 'sqlite'>): {
  read(): Overview['health']
  stop(): void
} {
  const delays = monitorEventLoopDelay({ resolution })
  delays.enable()
  const bytes = sqlite
    .prepare<[], number>('select page_count * page_size from pragma_page_count, pragma_page_size')
    .pluck()
  return {
    read() {
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
        databaseBytes: bytes.get() ?? 0,
      }
    },
    stop: () => void delays.disable(),
  }
}
