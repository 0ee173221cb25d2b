import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Milliseconds from the call to the last byte. */
  readonly ms: number
}

export interface Request {
  readonly input?: unknown
  readonly token?: string | undefined
  readonly headers?: Record<string, string>
}

/** Calls over connections that are kept open, as a gateway would; rejects where no whole reply came. */
export function createCaller(url: string, { connections = 64 } = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const send = (path: string, { input, token, headers }: Request = {}): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const startedAt = performance.now()
      const body = input === undefined ? undefined : JSON.stringify(input)
      const sent = request(url + path, {
        agent,
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
      })
      sent.once('error', reject)
      sent.once('response', async (response) => {
        const { statusCode: status = 0, headers } = response
        text(response).then(
          (read) => resolve({ status, headers, body: read, ms: performance.now() - startedAt }),
          reject,
        )
      })
      sent.end(body)
    })
  return {
    send,
    /** A tRPC call: a mutation where there is an input, a query otherwise. */
    call: async <T = Record<string, unknown>>(procedure: string, request?: Request) =>
      outcomeOf<T>(await send(`/trpc/${procedure}`, request)),
    close: () => agent.destroy(),
  }
}

export type Outcome<T> = { ms: number } & (
  | { data: T; reason: null }
  | { data: null; reason: string }
)

/** What a tRPC reply says: data, or the reason of the refusal. */
export function outcomeOf<T>({ body, ms }: Reply): Outcome<T> {
  const parsed = JSON.parse(body)
  if (parsed.result) return { ms, data: parsed.result.data as T, reason: null }
  return { ms, data: null, reason: String(parsed.error?.data?.reason) }
}

/** The data of a reply; throws where it was refused. */
export function dataOf<T>(outcome: Outcome<T>): T {
  if (outcome.data === null) throw new Error(`refused: ${outcome.reason}`)
  return outcome.data
}
