import { monitorEventLoopDelay } from 'node:perf_hooks'
import { gauge, type Metric } from './exposition.ts'

/** Milliseconds between two looks; it is part of every delay that the monitor tells, and none of the lag. */
const resolution = 20

/** How late the event loop comes to what is due, since it was asked last. */
export function watchEventLoop(): { metrics(): Metric[]; stop(): void } {
  const delays = monitorEventLoopDelay({ resolution })
  delays.enable()
  const lag = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - resolution / 1000)
  const metric = (quantile: string, value: number): Metric =>
    gauge({
      name: `nodejs_eventloop_lag_${quantile}_seconds`,
      help: `Lag of the event loop since the last look, ${quantile}.`,
      read: () => value,
    })
  return {
    metrics() {
      const made = [
        metric('p50', lag(delays.percentile(50))),
        metric('p99', lag(delays.percentile(99))),
        metric('max', lag(delays.max)),
      ]
      delays.reset()
      return made
    },
    stop: () => void delays.disable(),
  }
}
