import type { Dispatcher } from 'undici'
import { type Deadline, timeoutError } from './limits/deadline.ts'

/** An HTTP response that was received completely. */
export interface HttpReply {
  /** HTTP status code. */
  status: number
  /** The body, decoded as UTF-8. */
  text: string
}

type HttpRequest = Pick<Dispatcher.DispatchOptions, 'path' | 'method' | 'headers' | 'body'>

/** Removes a byte order mark, which JSON.parse would reject. */
const utf8 = new TextDecoder()

/**
 * Sends one request and reads its whole response. Uses undici's `dispatch` and not `request`: the body stream of
 * `request` costs as much as everything else of a small request.
 *
 * @throws undici's error, or an `unavailable` error once `deadline` has expired. The caller must replace undici's
 * error, because it may hold the request.
 */
export function dispatchRequest(
  dispatcher: Dispatcher,
  request: HttpRequest,
  deadline: Deadline,
): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    let status = 0
    const chunks: Buffer[] = []
    let removeListener = (): void => {}
    dispatcher.dispatch(request, {
      onRequestStart(controller) {
        const abort = (): void => controller.abort(timeoutError())
        if (deadline.hasExpired()) abort()
        else removeListener = deadline.onExpire(abort)
      },
      // undici also calls this for each interim (1xx) response (RFC 9110 §15.2); the last call is the final one.
      onResponseStart(_controller, statusCode) {
        status = statusCode
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk)
      },
      onResponseEnd() {
        removeListener()
        const [first = new Uint8Array(), ...more] = chunks
        resolve({ status, text: utf8.decode(more.length === 0 ? first : Buffer.concat(chunks)) })
      },
      onResponseError(_controller, error) {
        removeListener()
        reject(error)
      },
    })
  })
}
