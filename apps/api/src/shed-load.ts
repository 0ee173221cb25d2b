import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Failure } from '@mianmi/core'
import type { FastifyInstance } from 'fastify'

/** Milliseconds between two looks of the monitor; part of every delay that it tells. */
const resolution = 20

/** Whoever watches over the process must see it also while it refuses everybody else. */
const always = ['/healthz', '/readyz', '/metrics']

/**
 * Refuses at once, with `overloaded`, while the event loop comes late to everything: what waits longer than
 * its caller does is work for nothing. Looks every `everyMs`; sheds from a mean delay of `mostMs` on.
 */
export function shedLoad(app: FastifyInstance, { everyMs = 1_000, mostMs = 250 } = {}): void {
  const delays = monitorEventLoopDelay({ resolution })
  delays.enable()
  let isLate = false
  const timer = setInterval(() => {
    isLate = delays.mean / 1e6 - resolution > mostMs
    delays.reset()
  }, everyMs)
  timer.unref()
  app.addHook('onClose', async () => {
    clearInterval(timer)
    delays.disable()
  })
  app.addHook('onRequest', (request, _reply, done) => {
    if (!isLate || always.includes(request.url)) done()
    else done(new Failure('overloaded', { detail: 'the event loop is late', retryAfter: 1 }))
  })
}
