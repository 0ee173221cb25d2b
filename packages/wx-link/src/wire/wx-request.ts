import type { EncodedRequest } from './encode.ts'
import { failureOf, type WxFailure, WxLinkError } from './link-error.ts'

export interface WxReply {
  data: unknown
  statusCode: number
  header?: object
}

export interface WxRequestOptions {
  url: string
  method: 'GET' | 'POST'
  header: Record<string, string>
  dataType: string
  responseType: 'text'
  data?: string
  timeout?: number
  success(reply: WxReply): void
  fail(failure: WxFailure): void
}

/** `wx.request`, or whatever behaves like it (`Taro.request`, `uni.request`). */
export type WxRequest = (options: WxRequestOptions) => unknown

/** What came back: every HTTP status is a reply. */
export interface LinkResponse {
  statusCode: number
  /** Names in lower case: a phone promises no case of its own. */
  header: Record<string, unknown>
  /** The parsed body; undefined where it is not JSON. */
  json: unknown
}

export interface Exchange {
  response: Promise<LinkResponse>
  abort(): void
}

export interface ExchangeOptions {
  request: WxRequest
  /** Milliseconds. */
  timeout?: number
}

/** One request over `request`. The promise rejects with a WxLinkError. */
export function exchange(
  { request, timeout }: ExchangeOptions,
  { url, method, body }: EncodedRequest,
  header: Record<string, string>,
): Exchange {
  let task: { abort?: () => void; then?: unknown } | null | undefined
  let aborted = false
  let finished = false
  const response = new Promise<LinkResponse>((resolve, reject) => {
    const options: WxRequestOptions = {
      url,
      method,
      header,
      // With 'json' a phone hands over what it could not parse as a string, and says nothing.
      dataType: 'text',
      responseType: 'text',
      success(reply) {
        finished = true
        resolve(responseOf(reply))
      },
      fail(failure) {
        finished = true
        reject(aborted ? abortedError() : failureOf(failure))
      },
    }
    if (body !== undefined) options.data = body
    if (timeout !== undefined) options.timeout = timeout
    task = request(options) as typeof task
    // Taro and uni-app return a promise too, whose rejection nobody would handle.
    if (typeof task?.then === 'function') task.then(ignore, ignore)
  })
  return {
    response,
    abort() {
      if (finished) return
      aborted = true
      task?.abort?.()
    },
  }
}

function ignore(): void {}

export function abortedError(): WxLinkError {
  return new WxLinkError({ kind: 'aborted', message: 'The call was aborted' })
}

function responseOf(reply: WxReply): LinkResponse {
  const header: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(reply.header ?? {})) header[name.toLowerCase()] = value
  return { statusCode: reply.statusCode, header, json: parse(reply.data) }
}

function parse(data: unknown): unknown {
  if (typeof data !== 'string') return data
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}
