import type { Dispatcher } from 'undici'
import { type Deadline, tooSlow } from './deadline.ts'

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
 * Rejects with undici's error, or, once `deadline` is over, with `unavailable`.
 */
export function roundTrip(
  dispatcher: Dispatcher,
  request: Request,
  deadline: Deadline,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let status = 0
    const chunks: Buffer[] = []
    let leave = (): void => {}
    dispatcher.dispatch(request, {
      onRequestStart(controller) {
        const abort = (): void => controller.abort(tooSlow())
        if (deadline.isOver()) abort()
        else leave = deadline.onOver(abort)
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
