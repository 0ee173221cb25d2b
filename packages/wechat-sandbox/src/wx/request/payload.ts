import { ApiError, errno } from '../api-call.ts'

export type RequestData = string | object | ArrayBuffer

export interface Payload {
  url: string
  method: string
  headers: Headers
  body: string | ArrayBuffer | undefined
}

export interface PayloadOptions {
  url: string
  method?: string | undefined
  data?: RequestData | undefined
  header?: object | undefined
}

// https://developers.weixin.qq.com/miniprogram/dev/api/network/request/wx.request.html: no PATCH.
const methods = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT']

/**
 * Turns what a mini program asks for into what goes over the wire, as WeChat does it: data of a
 * GET becomes the query string, other data JSON or a form by its content type; the content type
 * is JSON unless said otherwise; `Referer` is WeChat's.
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
