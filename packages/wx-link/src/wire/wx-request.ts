import type { EncodedRequest } from './encode-request.ts'
import { toLinkError, type WxFailure } from './link-error.ts'

/** The argument of `success` of wx.request. */
export interface WxReply {
  /** The body: JSON text, or a value that is already parsed. */
  data: unknown
  /** HTTP status. */
  statusCode: number
  /** Names and values of the headers; the case of names differs between phones. */
  header?: object
}

/**
 * The options of wx.request that the link sets.
 * https://developers.weixin.qq.com/miniprogram/dev/api/network/request/wx.request.html
 */
export interface WxRequestOptions {
  /** Address with its query. */
  url: string
  /** GET for queries, POST for mutations. */
  method: 'GET' | 'POST'
  /** Request headers. */
  header: Record<string, string>
  /** Always `text`: the link parses the JSON. */
  dataType: string
  /** The body is text, not bytes. */
  responseType: 'text'
  /** The JSON body of a mutation. */
  data?: string
  /** Milliseconds for the request. */
  timeout?: number
  /** Called for every HTTP status. */
  success(reply: WxReply): void
  /** Called when there is no HTTP response. */
  fail(failure: WxFailure): void
}

/** `wx.request`, or a function with the same behaviour (`Taro.request`, `uni.request`). */
export type WxRequest = (options: WxRequestOptions) => unknown

/** An HTTP response with any status. */
export interface LinkResponse {
  /** HTTP status. */
  statusCode: number
  /** Names are in lower case, because phones do not agree on the case. */
  header: Record<string, unknown>
  /** The parsed body; undefined when it is not JSON. */
  json: unknown
}

/** A request in flight. */
export interface SentRequest {
  /** Rejects with a WxLinkError, or with what `request` has thrown. */
  response: Promise<LinkResponse>
  /** Has no effect after the response. */
  abort(): void
}

/** How one HTTP request is sent. */
export interface TransportOptions {
  /** `wx.request`, or a function with the same behaviour. */
  request: WxRequest
  /** Milliseconds. */
  timeout?: number
}

/** Milliseconds: the time-out of wx.request. */
const wxTimeout = 60_000
/** Milliseconds after the time-out, within which the phone should have called back. */
const graceTime = 5_000

/** Sends one HTTP request through `request`. */
export function sendRequest(
  { request, timeout }: TransportOptions,
  { url, method, body }: EncodedRequest,
  header: Record<string, string>,
): SentRequest {
  let task: { abort?: () => void; then?: unknown } | null | undefined
  let finished = false
  let timer: ReturnType<typeof setTimeout> | 0 = 0
  const response = new Promise<LinkResponse>((resolve, reject) => {
    const finish = (settle: () => void) => {
      finished = true
      clearTimeout(timer)
      settle()
    }
    const fail = (failure: WxFailure | undefined) => finish(() => reject(toLinkError(failure)))
    const options: WxRequestOptions = {
      url,
      method,
      header,
      // With 'json' a phone returns a body that it cannot parse as a string, without an error.
      dataType: 'text',
      responseType: 'text',
      success(reply) {
        // Some phones call it for a request that has failed.
        if (typeof reply?.statusCode !== 'number') return fail({ errMsg: 'request:fail no status' })
        finish(() => resolve(toLinkResponse(reply)))
      },
      fail,
    }
    if (body !== undefined) options.data = body
    if (timeout !== undefined) options.timeout = timeout
    task = request(options) as typeof task
    // Taro and uni-app also return a promise, which some platforms reject without calling `fail`.
    if (typeof task?.then === 'function') task.then(null, fail)
    // A phone that keeps to the time-out calls back before.
    const silence = (timeout ?? wxTimeout) + graceTime
    if (!finished) timer = setTimeout(() => fail({ errMsg: 'request:fail timeout' }), silence)
  })
  return {
    response,
    abort() {
      clearTimeout(timer)
      if (!finished) task?.abort?.()
    },
  }
}

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
