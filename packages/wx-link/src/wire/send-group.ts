import type { Operation } from '@trpc/client'
import type { CallGroup, GroupRequest } from './batch.ts'
import {
  type EncodedRequest,
  encodeRequest,
  type LinkHeaders,
  mergeHeaders,
} from './encode-request.ts'
import {
  type LinkResponse,
  type SentRequest,
  sendRequest,
  type TransportOptions,
} from './wx-request.ts'

/** What a function of headers gets: the calls of the request, in order. */
export interface HeadersOptions {
  /** The first call. */
  op: Operation
  /** All calls. */
  opList: readonly Operation[]
}

/** How a group of calls is sent. */
export interface SendOptions extends TransportOptions {
  /** Address of the tRPC router. */
  url: string
  /** Headers of every request; a function is called once for each request. */
  headers?: LinkHeaders | ((options: HeadersOptions) => LinkHeaders | Promise<LinkHeaders>)
  /** Characters of a query's address. */
  maxURLLength?: number
  /** A query whose address would be longer is sent by this method. */
  methodOverride?: 'POST' | undefined
}

/** Sends a group as one request and passes the response or the failure to each of its calls. */
export function sendGroup(calls: CallGroup, options: SendOptions): void {
  let sent: SentRequest | null = null
  let aborted = false
  const groupRequest: GroupRequest = {
    calls,
    abort() {
      aborted = true
      sent?.abort()
    },
  }
  const send = async (): Promise<LinkResponse | null> => {
    const request = encodeGroup(calls, options)
    const header = await headersFor(calls, request, options)
    if (aborted) return null
    sent = sendRequest(options, request, header)
    return sent.response
  }
  const response = send()
  calls.forEach((call, index) => {
    call.request = groupRequest
    response
      .then((reply) => reply && call.receive(reply, { index, size: calls.length }))
      // Also what a link above throws while it handles the result.
      .catch((error) => call.fail(error))
  })
}

function encodeGroup(
  calls: CallGroup,
  { url, maxURLLength = 2000, methodOverride }: SendOptions,
): EncodedRequest {
  const request = encodeRequest(url, calls)
  const isTooLong = methodOverride === 'POST' && request.url.length > maxURLLength
  return isTooLong ? encodeRequest(url, calls, false) : request
}

async function headersFor(
  calls: CallGroup,
  { method }: EncodedRequest,
  { headers }: SendOptions,
): Promise<Record<string, string>> {
  const [{ op, headers: ofCalls }] = calls
  const opList = calls.map((call) => call.op)
  const own = typeof headers === 'function' ? await headers({ op, opList }) : headers
  const content = method === 'POST' ? { 'content-type': 'application/json' } : undefined
  return mergeHeaders(content, own, ofCalls)
}
