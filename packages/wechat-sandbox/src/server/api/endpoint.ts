import { WeChatError } from '../wechat-error.ts'

/** What one call to WeChat's server API brings. */
export interface EndpointRequest {
  query(name: string): string | undefined
  /** Throws 47001 where the body is not a JSON object. */
  body(): Record<string, unknown>
  /** What the call log may show. */
  logFields: { appId?: string; code?: string }
}

export interface Endpoint {
  method: 'GET' | 'POST'
  path: string
  contentType: string
  /** Answers with the reply's body; throws a `WeChatError` to refuse. */
  handle(request: EndpointRequest): object
}

export const json = 'application/json; encoding=utf-8'
// Login replies are JSON under this name: clients that go by the content type fail here too.
export const text = 'text/plain'

export function createEndpointRequest(query: unknown, body: unknown): EndpointRequest {
  const values = (query ?? {}) as Record<string, unknown>
  return {
    query: (name) => nonEmptyString(values[name]),
    body: () => parseJsonObject(body),
    logFields: {},
  }
}

/** A text that is not empty, or undefined. */
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
