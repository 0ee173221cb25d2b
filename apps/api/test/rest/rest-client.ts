import type { Reason } from '@mianmi/core'
import type { TestService } from '../harness.ts'

/** The envelope as a client reads it, with every property that a route may put into it. */
export interface Reply {
  success: boolean
  code: number
  message: string
  datetime: string
  traceId: string
  data: {
    sid: string | null
    refreshToken: string | null
    openId: string | null
    unionId: string | null
    userId: string | null
    needVerify: boolean
    ticket: string | null
    newUser: boolean
    id: string
    account: string | null
    reason: Reason
    retryAfter: number
  }
}

export interface Sent {
  method?: string
  /** Sent as JSON, a string as it is. */
  body?: unknown
  headers?: Record<string, string>
}

export async function call(service: TestService, path: string, sent: Sent = {}) {
  const { body, method = body === undefined ? 'GET' : 'POST', headers = {} } = sent
  const response = await fetch(`${service.url()}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Reply,
  }
}

/** Somebody bound to an account, and signed in over plain HTTP. */
export async function signIn(service: TestService, body: object) {
  const reply = await call(service, '/auth/miniLogin', { body })
  const { sid, refreshToken } = reply.body.data
  if (sid === null || refreshToken === null) throw new Error('not signed in')
  const cookie = reply.headers.get('set-cookie') ?? ''
  return { ...reply, sid, refreshToken, cookie, pair: cookie.split(';', 1)[0] ?? '' }
}
