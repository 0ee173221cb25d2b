import { WeChatError } from '../wechat-error.ts'

/** What one call to WeChat's server API brings. */
export interface Incoming {
  query(name: string): string | undefined
  /** Throws 47001 where the body is not a JSON object. */
  body(): Record<string, unknown>
  /** What the call log may show. */
  note: { appId?: string; code?: string }
}

export interface Endpoint {
  method: 'GET' | 'POST'
  path: string
  contentType: string
  /** Answers with the reply's body; throws a `WeChatError` to refuse. */
  answer(incoming: Incoming): object
}

export const json = 'application/json; encoding=utf-8'
// Login replies are JSON under this name: clients that go by the content type fail here too.
export const text = 'text/plain'

export function createIncoming(query: unknown, body: unknown): Incoming {
  const values = (query ?? {}) as Record<string, unknown>
  return {
    query: (name) => stringOf(values[name]),
    body: () => objectIn(body),
    note: {},
  }
}

/** A text that is not empty, or undefined. */
export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function objectIn(body: unknown): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(typeof body === 'string' ? body : '')
  } catch {
    throw new WeChatError(47001)
  }
  if (typeof value !== 'object' || value === null) throw new WeChatError(47001)
  return value as Record<string, unknown>
}
