import type { CallGroup, GroupRequest } from './batch.ts'
import { encodeRequest, type LinkHeaders, mergeHeaders } from './encode-request.ts'
import {
  type LinkResponse,
  type SentRequest,
  sendRequest,
  type TransportOptions,
} from './wx-request.ts'

/** How a group of calls is sent. */
export interface SendOptions extends TransportOptions {
  /** Address of the tRPC router. */
  url: string
  /** Headers of every request; a function is called once for each request. */
  headers?: LinkHeaders | (() => LinkHeaders | Promise<LinkHeaders>)
}

/** Sends a group as one request and passes the response or the failure to each of its calls. */
export function sendGroup(group: CallGroup, options: SendOptions): void {
  const { calls } = group
  let sent: SentRequest | null = null
  let aborted = false
  const request: GroupRequest = {
    calls,
    abort() {
      aborted = true
      sent?.abort()
    },
  }
  const send = async (): Promise<LinkResponse | null> => {
    const header = await headersFor(group, options)
    if (aborted) return null
    sent = sendRequest(options, encodeRequest(options.url, group.type, calls), header)
    return sent.response
  }
  const response = send()
  calls.forEach((call, index) => {
    call.request = request
    response.then(
      (reply) => reply && call.receive(reply, { index, size: calls.length }),
      (error) => call.fail(error),
    )
  })
}

async function headersFor(group: CallGroup, options: SendOptions): Promise<Record<string, string>> {
  const { headers } = options
  const own = typeof headers === 'function' ? await headers() : headers
  const content = group.type === 'mutation' ? { 'content-type': 'application/json' } : undefined
  return mergeHeaders(content, own, group.headers)
}
