import { WeChatError } from '../wechat-error.ts'

/** The input of one call to WeChat's server API. */
export interface EndpointRequest {
  /** A query parameter; undefined where it is absent, empty or repeated. */
  query(name: string): string | undefined
  /** @throws WeChatError 47001 where the body is not a JSON object. */
  body(): Record<string, unknown>
  /** What the call log records; set while the call is handled, so refused calls are identified too. */
  logFields: { appId?: string; code?: string }
}

/** One endpoint of WeChat's server API. */
export interface Endpoint {
  /** Calls with another method are refused with 43001 or 43002. */
  method: 'GET' | 'POST'
  /** The path of WeChat's API. */
  path: string
  /** The content type of WeChat's reply. */
  contentType: string
  /**
   * Returns the body of the reply.
   *
   * @throws WeChatError to refuse the call
   */
  handle(request: EndpointRequest): object
}

/** The content type of most replies. */
export const json = 'application/json; encoding=utf-8'
// WeChat labels its JSON login replies text/plain; a client that trusts the type must fail here too.
export const text = 'text/plain'

export function createEndpointRequest(query: unknown, body: unknown): EndpointRequest {
  const values = (query ?? {}) as Record<string, unknown>
  return {
    query: (name) => nonEmptyString(values[name]),
    body: () => parseJsonObject(body),
    logFields: {},
  }
}

/** `value` where it is a non-empty string, otherwise undefined. */
export function nonEmptyString(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function parseJsonObject(body: unknown): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(typeof body === 'string' ? body : '')
  } catch {
    throw new WeChatError(47001)
  }
  if (typeof value !== 'object' || value === null) throw new WeChatError(47001)
  return value as Record<string, unknown>
}
