import { Failure } from '@mianmi/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Milliseconds between two looks at the clock. */
const step = 50
/** A pause longer than this, as of a laptop that slept, counts as this, in ms. */
const longestPause = 2_000

/** Whoever watches over the process must see it also while it refuses everybody else. */
const always = ['/healthz', '/readyz', '/metrics']
/** Files of the console, out of memory: a page that got half of its scripts is of no use to an operator. */
const consoleFiles = '/admin/'

/**
 * Answers whether to refuse a request at once, with `overloaded`, because the event loop comes late to
 * everything: what waits longer than its caller does is work for nothing. Sheds from a mean delay of `mostMs`
 * over the last `windowMs` on.
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
    mean <= mostMs || always.includes(request.url) || request.url.startsWith(consoleFiles)
      ? undefined
      : new Failure('overloaded', { detail: 'the event loop is late', retryAfter: 1 })
}
