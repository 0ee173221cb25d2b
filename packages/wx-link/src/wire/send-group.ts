import type { Operation } from '@trpc/client'
import {
  type EncodeOptions,
  encodeRequest,
  type LinkHeaders,
  mergeHeaders,
} from './encode-request.ts'
import type { CallGroup } from './pending-call.ts'
import { readReply } from './read-reply.ts'
import { withTimeLimit } from './time-limit.ts'
import type { DataTransformer } from './transformer.ts'
import { type RequestTask, sendRequest, type TransportOptions } from './wx-request.ts'

/** What a function of headers gets: the calls of the request, in order. */
export interface HeadersOptions {
  /** The first call. */
  op: Operation
  /** All calls. */
  opList: readonly Operation[]
}

/** How a group of calls is sent. */
export interface SendOptions extends EncodeOptions, TransportOptions {
  /** Headers of every request; a function is called once for each request. */
  headers?: LinkHeaders | ((options: HeadersOptions) => LinkHeaders | Promise<LinkHeaders>)
}

/** Sends a group as one request and passes the response or the failure to each of its calls. */
export const sendGroup = (
  calls: CallGroup,
  options: SendOptions,
  transformer: DataTransformer,
): void => {
  let waiting = calls.length
  const sent: RequestTask = { abort() {} }
  const send = async () => {
    const [request] = encodeRequest(options, calls)
    const [{ op, headers: ofCalls }] = calls
    const { headers } = options
    const header = mergeHeaders(
      request.method === 'POST' && { 'content-type': 'application/json' },
      typeof headers === 'function'
        ? await withTimeLimit<LinkHeaders>(
            (resolve) => resolve(headers({ op, opList: calls.map((call) => call.op) })),
            options.timeout,
          )
        : headers,
      ofCalls,
    )
    // All calls were aborted meanwhile: none of them waits for a response.
    if (!waiting) return new Promise<never>(() => {})
    return sendRequest(options, request, header, sent)
  }
  const sending = send()
  calls.forEach((call, index) => {
    call.abort = () => {
      waiting -= 1
      if (!waiting) sent.abort()
    }
    sending.then((response) => {
      const reply = readReply(response, index, calls.length, transformer)
      if ('result' in reply) call.success(reply)
      else call.fail(reply, response[0])
    }, call.fail)
  })
}
