import { Failure } from '@mianmi/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route is served also while load is shed. */
    neverShed?: boolean
  }
}

/** Milliseconds between two looks at the clock. */
const step = 50
/** A pause longer than this, as of a laptop that slept, counts as this, in ms. */
const longestPause = 2_000

/**
 * Answers whether to refuse a request at once, with `overloaded`, because the event loop comes late to
 * everything: what waits longer than its caller does is work for nothing. Sheds from a mean delay of `mostMs`
 * over the last `windowMs` on (`SHED_LOAD_AFTER`); a route whose config says `neverShed` is served all the same.
 */
export function shedLoad(
  app: FastifyInstance,
  { windowMs = 1_000, mostMs = 500, now = () => performance.now() } = {},
): (request: FastifyRequest) => Failure | undefined {
  let before = now()
  let mean = 0
  const timer = setInterval(() => {
    const time = now()
    const passed = Math.min(time - before, longestPause)
    before = time
    // Weighted by time: a turn of a second says as much as twenty of a twentieth.
    mean += (Math.max(0, passed - step) - mean) * (1 - Math.exp(-passed / windowMs))
  }, step)
  timer.unref()
  app.addHook('onClose', async () => clearInterval(timer))
  return (request) =>
    mean <= mostMs || request.routeOptions.config.neverShed === true
      ? undefined
      : new Failure('overloaded', { detail: 'the event loop is late', retryAfter: 1 })
}
