import { Failure } from '@mianmi/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route is served even while load is shed. */
    neverShed?: boolean
  }
}

/** The interval of the measurements, in ms. */
const intervalMs = 50
/** A longer delay, for example of a suspended laptop, counts as this many ms. */
const longestDelayMs = 2_000

export interface ShedLoadOptions {
  /** The mean delay in ms from which requests are refused. */
  readonly maxDelayMs: number
  /** The time over which the mean is taken, in ms. */
  readonly windowMs?: number
  /** A monotonic clock, in ms. */
  readonly now?: () => number
}

/**
 * Measures the delay of the event loop from the moment the app is ready. While its mean over the last `windowMs`
 * exceeds `maxDelayMs` (`SHED_LOAD_AFTER`), the returned function gives the refusal for a request, because a reply that
 * comes after the caller's time-out is wasted work. A route whose config has `neverShed` is always served.
 */
export function shedLoad(
  app: FastifyInstance,
  { maxDelayMs, windowMs = 1_000, now = () => performance.now() }: ShedLoadOptions,
): (request: FastifyRequest) => Failure | undefined {
  let before = 0
  let mean = 0
  const measure = () => {
    const time = now()
    const passed = Math.min(time - before, longestDelayMs)
    before = time
    // Weighted by time: one turn of 1 s counts as much as 20 turns of 50 ms.
    mean += (Math.max(0, passed - intervalMs) - mean) * (1 - Math.exp(-passed / windowMs))
  }
  let timer: NodeJS.Timeout | undefined
  // Not earlier: the work of the start delays no request.
  app.addHook('onReady', async () => {
    before = now()
    timer = setInterval(measure, intervalMs).unref()
  })
  app.addHook('onClose', async () => clearInterval(timer))
  return (request) =>
    mean <= maxDelayMs || request.routeOptions.config.neverShed === true
      ? undefined
      : new Failure('overloaded', { detail: 'the event loop is delayed', retryAfter: 1 })
}
