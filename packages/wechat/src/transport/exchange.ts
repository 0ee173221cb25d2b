import type { Pool } from 'undici'
import { unavailable, type WechatError } from '../wechat-error.ts'
import { type Deadline, tooSlow } from './deadline.ts'
import { type Reply, roundTrip } from './round-trip.ts'
import { createSealedRequests } from './sealed-request.ts'

export interface ExchangeOptions {
  baseUrl: URL
  /** ms */
  connectTimeout: number
  maxReplyBytes: number
  connections: number
}

export interface Message {
  path: string
  query: Record<string, string>
  /** Sent as JSON by POST; without it the message is a GET. */
  body?: Record<string, unknown>
}

/** Requests and replies over connections that are kept. */
export interface Exchange {
  /** Rejects with `unavailable`. */
  send(message: Message, deadline: Deadline): Promise<Reply>
  close(): Promise<void>
}

/** The sockets replace placeholders in HTTP/1.1 text; undici 8 offers HTTP/2 unless it is told not to. */
const allowH2 = false

type Outcome = { reply: Reply } | { error: WechatError; wasSent: boolean }

export function createExchange(options: ExchangeOptions): Exchange {
  const { baseUrl, connectTimeout, maxReplyBytes, connections } = options
  const sealed = createSealedRequests()
  // undici is large, and a process that starts has nothing to ask yet.
  let opened: Promise<Pool> | undefined
  const open = async (): Promise<Pool> => {
    const undici = await import('undici')
    return new undici.Pool(baseUrl.origin, {
      connect: sealed.unsealing(undici.buildConnector({ timeout: connectTimeout, allowH2 })),
      connections,
      allowH2,
      maxResponseSize: maxReplyBytes,
      // The deadline covers both, to the millisecond.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }
  const prefix = baseUrl.pathname.replace(/\/+$/, '')
  let closing: Promise<void> | undefined

  async function attempt(message: Message, deadline: Deadline): Promise<Outcome> {
    if (closing !== undefined) return { error: unavailable('closed'), wasSent: false }
    const { path, body } = message
    const query = new URLSearchParams(message.query).toString()
    const request = sealed.seal(query, body === undefined ? null : JSON.stringify(body))
    try {
      opened ??= open()
      const pool = await opened
      const reply = await roundTrip(
        pool,
        {
          path: `${prefix}${path}?${request.query}`,
          method: body === undefined ? 'GET' : 'POST',
          headers: body === undefined ? {} : { 'content-type': 'application/json' },
          body: request.body,
        },
        deadline,
      )
      return { reply }
    } catch (error) {
      const failure = deadline.isOver() ? tooSlow() : unavailable(codeOf(error))
      return { error: failure, wasSent: request.wasWritten() }
    } finally {
      request.forget()
    }
  }

  return {
    async send(message, deadline) {
      let outcome = await attempt(message, deadline)
      const isUnsent = 'error' in outcome && !outcome.wasSent
      // No connection came about, so WeChat cannot have seen the code: one more try is safe.
      if (isUnsent && !deadline.isOver() && closing === undefined) {
        outcome = await attempt(message, deadline)
      }
      if ('error' in outcome) throw outcome.error
      return outcome.reply
    },
    close() {
      closing ??= opened?.then((pool) => pool.close()) ?? Promise.resolve()
      return closing
    },
  }
}

/** undici's errors may hold the request: only their code, a constant, goes on. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,47}$/.test(code) ? code : 'unknown fault'
}
