import { ApiError, errno } from '../api-call.ts'

/** The data of a request. */
export type RequestData = string | object | ArrayBuffer

/** The HTTP request to send. */
export interface Payload {
  /** With the data of a GET in the query. */
  url: string
  /** Upper case. */
  method: string
  /** With content type and `Referer`. */
  headers: Headers
  /** Undefined for GET and HEAD. */
  body: string | ArrayBuffer | undefined
}

/** The options of `wx.request` that describe the HTTP request. */
export interface PayloadOptions {
  /** An absolute http or https address. */
  url: string
  /** Default: `GET`. */
  method?: string | undefined
  /** Query of a GET, otherwise the body. */
  data?: RequestData | undefined
  /** Default content type: `application/json`. */
  header?: object | undefined
}

// https://developers.weixin.qq.com/miniprogram/dev/api/network/request/wx.request.html: no PATCH.
const methods = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT']

/**
 * Builds the HTTP request of `wx.request` as WeChat does: data of a GET becomes the query string,
 * other data becomes JSON or a form, depending on the content type; the default content type is
 * JSON; `Referer` is WeChat's.
 *
 * @throws ApiError for a method that WeChat lacks; 600009 for an invalid URL
 */
export function buildPayload(options: PayloadOptions, referer: string): Payload {
  const method = (options.method ?? 'GET').toUpperCase()
  if (!methods.includes(method)) throw new ApiError(`invalid method "${method}"`)
  if (typeof options.url !== 'string' || !/^https?:\/\/[^/]/i.test(options.url)) {
    throw new ApiError(`invalid url "${options.url}"`, errno.invalidUrl)
  }
  const headers = buildHeaders(options.header, referer)
  if (method === 'GET' || method === 'HEAD') {
    return { url: withQuery(options.url, options.data), method, headers, body: undefined }
  }
  const body = buildBody(options.data, headers.get('content-type') ?? '')
  return { url: options.url, method, headers, body }
}

function buildHeaders(header: object | undefined, referer: string): Headers {
  const headers = new Headers({ 'content-type': 'application/json' })
  for (const [name, value] of Object.entries(header ?? {})) {
    if (value !== undefined && value !== null) headers.set(name, String(value))
  }
  headers.set('referer', referer)
  return headers
}

function withQuery(url: string, data: RequestData | undefined): string {
  if (data instanceof ArrayBuffer) return url
  const query = typeof data === 'string' ? data : encodeForm(data ?? {})
  if (query === '') return url
  const [address = '', fragment] = url.split('#', 2)
  const joined = `${address}${address.includes('?') ? '&' : '?'}${query}`
  return fragment === undefined ? joined : `${joined}#${fragment}`
}

function buildBody(data: RequestData | undefined, contentType: string): string | ArrayBuffer {
  if (data === undefined || data === null) return ''
  if (typeof data === 'string' || data instanceof ArrayBuffer) return data
  if (contentType.includes('application/x-www-form-urlencoded')) return encodeForm(data)
  return JSON.stringify(data)
}

function encodeForm(data: object): string {
  return Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(stringifyValue(value))}`,
    )
    .join('&')
}

function stringifyValue(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}
