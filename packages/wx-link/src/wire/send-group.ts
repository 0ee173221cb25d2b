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
  let waiting: number
  const sent: RequestTask = { abort() {} }
  const send = async () => {
    const [{ op, headers: ofCalls }] = calls
    const { headers, timeout } = options
    const own =
      typeof headers === 'function'
        ? await withTimeLimit<LinkHeaders>(
            (resolve) => resolve(headers({ op, opList: calls.map((call) => call.op) })),
            timeout,
          )
        : headers
    // Calls that were aborted meanwhile have left the group. Where none is left, none waits for a response.
    waiting = calls.length
    if (!waiting) return new Promise<never>(() => {})
    for (const call of calls) {
      call.abort = () => {
        waiting -= 1
        if (!waiting) sent.abort()
      }
    }
    const [request] = encodeRequest(options, calls)
    const content = request.method === 'POST' && { 'content-type': 'application/json' }
    return sendRequest(options, request, mergeHeaders(content, own, ofCalls), sent)
  }
  const sending = send()
  for (const call of [...calls]) {
    sending.then((response) => {
      const reply = readReply(response, calls.indexOf(call), calls.length, transformer)
      if ('result' in reply) call.success(reply)
      else call.fail(reply, response[0])
    }, call.fail)
  }
}
