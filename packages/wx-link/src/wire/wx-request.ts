import type { EncodedRequest } from './encode-request.ts'
import { toLinkError, type WxFailure } from './link-error.ts'

/** The argument of `success` of wx.request. */
export interface WxReply {
  data: unknown
  statusCode: number
  header?: object
}

/** The options of wx.request that the link sets. */
export interface WxRequestOptions {
  url: string
  method: 'GET' | 'POST'
  header: Record<string, string>
  dataType: string
  responseType: 'text'
  data?: string
  /** Milliseconds. */
  timeout?: number
  /** Called for every HTTP status. */
  success(reply: WxReply): void
  fail(failure: WxFailure): void
}

/** `wx.request`, or a function with the same behaviour (`Taro.request`, `uni.request`). */
export type WxRequest = (options: WxRequestOptions) => unknown

/** An HTTP response with any status. */
export interface LinkResponse {
  statusCode: number
  /** Names are in lower case, because phones do not agree on the case. */
  header: Record<string, unknown>
  /** The parsed body; undefined when it is not JSON. */
  json: unknown
}

export interface SentRequest {
  /** Rejects with a WxLinkError, or with what `request` has thrown. */
  response: Promise<LinkResponse>
  /** Has no effect after the response. */
  abort(): void
}

export interface TransportOptions {
  request: WxRequest
  /** Milliseconds. */
  timeout?: number
}

/** Sends one HTTP request through `request`. */
export function sendRequest(
  { request, timeout }: TransportOptions,
  { url, method, body }: EncodedRequest,
  header: Record<string, string>,
): SentRequest {
  let task: { abort?: () => void; then?: unknown } | null | undefined
  let finished = false
  const response = new Promise<LinkResponse>((resolve, reject) => {
    const options: WxRequestOptions = {
      url,
      method,
      header,
      // With 'json' a phone returns a body that it cannot parse as a string, without an error.
      dataType: 'text',
      responseType: 'text',
      success(reply) {
        finished = true
        resolve(toLinkResponse(reply))
      },
      fail(failure) {
        finished = true
        reject(toLinkError(failure))
      },
    }
    if (body !== undefined) options.data = body
    if (timeout !== undefined) options.timeout = timeout
    task = request(options) as typeof task
    // Taro and uni-app also return a promise; its rejection must not stay unhandled.
    if (typeof task?.then === 'function') task.then(ignore, ignore)
  })
  return {
    response,
    abort() {
      if (!finished) task?.abort?.()
    },
  }
}

function ignore(): void {}

function toLinkResponse(reply: WxReply): LinkResponse {
  const header: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(reply.header ?? {})) header[name.toLowerCase()] = value
  return { statusCode: reply.statusCode, header, json: parseJson(reply.data) }
}

function parseJson(data: unknown): unknown {
  if (typeof data !== 'string') return data
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}
