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
export function sendGroup(group: CallGroup, options: SendOptions): void {
  const { calls } = group
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
    const request = encodeGroup(group, options)
    const header = await headersFor(group, request, options)
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

function encodeGroup({ type, calls }: CallGroup, options: SendOptions): EncodedRequest {
  const { url, maxURLLength = 2000, methodOverride } = options
  const request = encodeRequest(url, type, calls)
  const isTooLong = methodOverride === 'POST' && request.url.length > maxURLLength
  return isTooLong ? encodeRequest(url, 'mutation', calls) : request
}

async function headersFor(
  { calls, headers: ofCalls }: CallGroup,
  { method }: EncodedRequest,
  { headers }: SendOptions,
): Promise<Record<string, string>> {
  const opList = calls.map(({ op }) => op)
  const [op] = opList
  const own = typeof headers === 'function' && op ? await headers({ op, opList }) : headers
  const content = method === 'POST' ? { 'content-type': 'application/json' } : undefined
  return mergeHeaders(content, own as LinkHeaders | undefined, ofCalls)
}
