import { buildConnector, Pool } from 'undici'
import { type ZodType, z } from 'zod'
import { type Deadline, tooSlow } from './deadline.ts'
import { createSealedRequests } from './sealed-request.ts'
import { errorFromErrcode, unavailable } from './wechat-error.ts'

export interface TransportOptions {
  baseUrl: URL
  /** ms */
  connectTimeout: number
  maxReplyBytes: number
}

export interface Question<T> {
  path: string
  query: Record<string, string>
  /** Sent as JSON by POST; without it the question is a GET. */
  body?: Record<string, unknown>
  shape: ZodType<T>
  deadline: Deadline
}

export interface Transport {
  /** One exchange, never repeated. Rejects with a WechatError and nothing else. */
  ask<T>(question: Question<T>): Promise<T>
  close(): Promise<void>
}

/** Success usually omits errcode; some replies carry errcode 0. */
const outcome = z.object({ errcode: z.int().default(0) })

const maxConnections = 256

export function createTransport(options: TransportOptions): Transport {
  const { baseUrl, connectTimeout, maxReplyBytes } = options
  const sealed = createSealedRequests()
  const pool = new Pool(baseUrl.origin, {
    connect: sealed.unsealing(buildConnector({ timeout: connectTimeout })),
    connections: maxConnections,
    maxResponseSize: maxReplyBytes,
    // The deadline's signal covers both, to the millisecond.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const prefix = baseUrl.pathname.replace(/\/+$/, '')
  let closing: Promise<void> | undefined

  async function exchange(question: Question<unknown>): Promise<{ status: number; text: string }> {
    const { path, body, deadline } = question
    const { signal } = deadline
    const query = new URLSearchParams(question.query).toString()
    const request = sealed.seal(query, body === undefined ? null : JSON.stringify(body))
    try {
      const reply = await pool.request({
        path: `${prefix}${path}?${request.query}`,
        method: body === undefined ? 'GET' : 'POST',
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        body: request.body,
        signal,
      })
      return { status: reply.statusCode, text: await reply.body.text() }
    } catch (error) {
      throw signal.aborted ? tooSlow() : unavailable(codeOf(error))
    } finally {
      request.forget()
    }
  }

  return {
    async ask(question) {
      const { deadline, shape } = question
      if (deadline.signal.aborted) throw tooSlow()
      // undici heeds the signal only once it is connected: wait no longer than the deadline.
      const { status, text } = await deadline.wait(exchange(question))
      // WeChat answers 200 to everything, refusals included; redirects are not followed.
      if (status !== 200) throw unavailable(`status ${status}`)
      return readReply(text, shape)
    },
    close() {
      closing ??= pool.close()
      return closing
    },
  }
}

/** Looks at the text and not at the content type: WeChat sends JSON as text/plain. */
function readReply<T>(text: string, shape: ZodType<T>): T {
  const reply = parseJson(text)
  const result = outcome.safeParse(reply)
  if (!result.success) throw unavailable('not the shape of a reply')
  if (result.data.errcode !== 0) throw errorFromErrcode(result.data.errcode)
  const answer = shape.safeParse(reply)
  if (!answer.success) throw unavailable('not the shape of this reply')
  return answer.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unavailable('not JSON')
  }
}

/** undici's errors may hold the request: only their code, a constant, goes on. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,47}$/.test(code) ? code : 'unknown fault'
}
