import type { Pool } from 'undici'
import { unavailableError, type WechatError } from '../wechat-error.ts'
import { dispatchRequest, type HttpReply } from './http-dispatch.ts'
import { type Deadline, timeoutError } from './limits/deadline.ts'
import { createRequestPlaceholders } from './request-placeholders.ts'

/** Settings of the connection pool. */
export interface RequestSenderOptions {
  /** Address of WeChat's server API; a path in it is put before each request's path. */
  baseUrl: URL
  /** Time limit in ms for a connection, TLS included. */
  connectTimeout: number
  /** A longer response body is cut off, and its connection is closed. */
  maxReplyBytes: number
  /** Upper limit of open connections. */
  connections: number
}

/** One request to WeChat's server API. */
export interface OutgoingRequest {
  /** Path of the API, such as `/sns/jscode2session`. */
  path: string
  /** Query parameters, not encoded. */
  query: Record<string, string>
  /** Sent as JSON by POST. Without a body the request is a GET. */
  body?: Record<string, unknown>
}

/** Sends requests over a pool of kept connections, with placeholders for what is secret. */
export interface RequestSender {
  /**
   * Sends a request, and repeats it once when no byte of it reached a connection: WeChat cannot have consumed the
   * code then.
   *
   * @throws WechatError of kind `unavailable`
   */
  send(request: OutgoingRequest, deadline: Deadline): Promise<HttpReply>
  /** Waits for the requests in flight, then closes all connections. Later requests are `unavailable`. */
  close(): Promise<void>
}

type SendAttempt = { reply: HttpReply } | { error: WechatError; wasSent: boolean }

/** The placeholders are replaced in HTTP/1.1 text. undici 8 offers HTTP/2 by default. */
const allowH2 = false

/** Creates a sender; it loads undici and connects at the first request. */
export function createRequestSender(options: RequestSenderOptions): RequestSender {
  const { baseUrl, connectTimeout, maxReplyBytes, connections } = options
  const placeholders = createRequestPlaceholders()
  let poolPromise: Promise<Pool> | undefined
  const createPool = async (): Promise<Pool> => {
    // Loaded late: undici is large, and a starting process has no request to send yet.
    const undici = await import('undici')
    const connect = undici.buildConnector({ timeout: connectTimeout, allowH2 })
    return new undici.Pool(baseUrl.origin, {
      connect: placeholders.wrapConnector(connect),
      connections,
      allowH2,
      maxResponseSize: maxReplyBytes,
      // The deadline limits both, with a precision of 1 ms.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }
  const pathPrefix = baseUrl.pathname.replace(/\/+$/, '')
  let closing: Promise<void> | undefined

  async function attemptSend(request: OutgoingRequest, deadline: Deadline): Promise<SendAttempt> {
    if (closing !== undefined) return { error: unavailableError('closed'), wasSent: false }
    const { path, body } = request
    const query = new URLSearchParams(request.query).toString()
    const placeholder = placeholders.create(query, body === undefined ? null : JSON.stringify(body))
    try {
      poolPromise ??= createPool()
      const httpRequest = {
        path: `${pathPrefix}${path}?${placeholder.query}`,
        method: body === undefined ? ('GET' as const) : ('POST' as const),
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        body: placeholder.body,
      }
      return { reply: await dispatchRequest(await poolPromise, httpRequest, deadline) }
    } catch (cause) {
      const error = deadline.hasExpired() ? timeoutError() : unavailableError(safeCodeOf(cause))
      return { error, wasSent: placeholder.wasWritten() }
    } finally {
      placeholder.release()
    }
  }

  return {
    async send(request, deadline) {
      let attempt = await attemptSend(request, deadline)
      const isUnsent = 'error' in attempt && !attempt.wasSent
      if (isUnsent && !deadline.hasExpired() && closing === undefined) {
        attempt = await attemptSend(request, deadline)
      }
      if ('error' in attempt) throw attempt.error
      return attempt.reply
    },
    close() {
      closing ??= poolPromise?.then((pool) => pool.close()) ?? Promise.resolve()
      return closing
    },
  }
}

/** undici's errors may hold the request, so only their `code`, a constant, is passed on. */
function safeCodeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,47}$/.test(code) ? code : 'unknown fault'
}
