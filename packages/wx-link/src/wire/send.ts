import type { Flight, Group } from './batch.ts'
import { encodeRequest, type LinkHeaders, mergeHeaders } from './encode.ts'
import { type Exchange, exchange, type LinkResponse, type WxRequest } from './wx-request.ts'

export interface SendOptions {
  url: string
  request: WxRequest
  headers?: LinkHeaders | (() => LinkHeaders | Promise<LinkHeaders>)
  /** Milliseconds. */
  timeout?: number
}

/** Sends a group as one request and gives each of its calls the response or the failure. */
export function sendGroup(group: Group, options: SendOptions): void {
  const { calls } = group
  let running: Exchange | null = null
  let abandoned = false
  const flight: Flight = {
    calls,
    abort() {
      abandoned = true
      running?.abort()
    },
  }
  const start = async (): Promise<LinkResponse | null> => {
    const header = await headersFor(group, options)
    if (abandoned) return null
    const encoded = encodeRequest(options.url, group.type, calls)
    running = exchange(options, encoded, header)
    return running.response
  }
  const response = start()
  calls.forEach((call, index) => {
    call.flight = flight
    response.then(
      (reply) => reply && call.receive(reply, { index, of: calls.length }),
      (error) => call.fail(error),
    )
  })
}

async function headersFor(group: Group, options: SendOptions): Promise<Record<string, string>> {
  const { headers } = options
  const own = typeof headers === 'function' ? await headers() : headers
  const content = group.type === 'mutation' ? { 'content-type': 'application/json' } : undefined
  return mergeHeaders(content, own, group.headers)
}
