import type { Exchange } from '../exchange.ts'

/**
 * Aborts when the client goes away before the reply is sent. Made when first read: an
 * `AbortSignal` costs Node two microseconds, a tenth of a whole request, and few look at it.
 */
export function signalOf(exchange: Exchange): AbortSignal {
  if (exchange.controller !== undefined) return exchange.controller.signal
  const controller = new AbortController()
  exchange.controller = controller
  const request = exchange.request.raw
  const response = exchange.reply.raw
  if (response.writableEnded) return controller.signal
  if (request.aborted || response.destroyed) {
    controller.abort()
    return controller.signal
  }
  // A pipelined request whose turn has not come has no socket to hear `close` from, only `aborted`.
  const abort = () => {
    response.off('close', close)
    request.off('aborted', abort)
    controller.abort()
  }
  const close = () => {
    if (response.writableEnded) request.off('aborted', abort)
    else abort()
  }
  response.once('close', close)
  request.once('aborted', abort)
  return controller.signal
}
