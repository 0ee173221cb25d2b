import { monitorEventLoopDelay } from 'node:perf_hooks'
import { gauge, type Metric } from './exposition.ts'

/** Sampling interval in ms. Each delay that the monitor reports contains it; the lag does not. */
const resolution = 20

/** Measures the event loop's lag since the last call of `metrics`. */
export function createEventLoopMonitor(): { metrics(): Metric[]; stop(): void } {
  const delays = monitorEventLoopDelay({ resolution })
  delays.enable()
  const lag = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - resolution / 1000)
  const metric = (quantile: string, value: number): Metric =>
    gauge({
      name: `nodejs_eventloop_lag_${quantile}_seconds`,
      help: `Lag of the event loop since the last scrape, ${quantile}.`,
      read: () => value,
    })
  return {
    metrics() {
      const gauges = [
        metric('p50', lag(delays.percentile(50))),
        metric('p99', lag(delays.percentile(99))),
        metric('max', lag(delays.max)),
      ]
      delays.reset()
      return gauges
    },
    stop: () => void delays.disable(),
  }
}
