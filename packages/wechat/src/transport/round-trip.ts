import type { Dispatcher } from 'undici'

export interface Reply {
  status: number
  text: string
}

type Request = Pick<Dispatcher.DispatchOptions, 'path' | 'method' | 'headers' | 'body'>

/** Takes a byte order mark off, which JSON.parse would trip over. */
const utf8 = new TextDecoder()

/**
 * Sends a request and reads its reply whole. By undici's dispatch rather than its `request`, whose stream of a
 * body that is read at once costs as much as all the rest of a small exchange.
 *
 * Rejects with undici's error, or, once `signal` aborts, with its reason.
 */
export function roundTrip(
  dispatcher: Dispatcher,
  request: Request,
  signal: AbortSignal,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let status = 0
    const chunks: Buffer[] = []
    let abort = (): void => {}
    const leave = (): void => signal.removeEventListener('abort', abort)
    dispatcher.dispatch(request, {
      onRequestStart(controller) {
        abort = () => controller.abort(signal.reason)
        if (signal.aborted) abort()
        else signal.addEventListener('abort', abort, { once: true })
      },
      // Called for each interim reply too (RFC 9110 §15.2); the last one is the reply.
      onResponseStart(_controller, statusCode) {
        status = statusCode
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk)
      },
      onResponseEnd() {
        leave()
        const [first = new Uint8Array(), ...more] = chunks
        resolve({ status, text: utf8.decode(more.length === 0 ? first : Buffer.concat(chunks)) })
      },
      onResponseError(_controller, error) {
        leave()
        reject(error)
      },
    })
  })
}
