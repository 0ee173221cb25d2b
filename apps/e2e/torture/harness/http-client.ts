import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'

export interface HttpReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Time from the start of the request to the last byte of the reply, in ms. */
  readonly ms: number
}

export interface HttpRequest {
  readonly input?: unknown
  readonly token?: string | undefined
  readonly headers?: Record<string, string>
}

/** Creates an HTTP client with keep-alive connections. A call rejects when its reply is incomplete. */
export function createHttpClient(url: string, { connections = 64 } = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const send = (path: string, { input, token, headers }: HttpRequest = {}): Promise<HttpReply> =>
    new Promise((resolve, reject) => {
      const startedAt = performance.now()
      const payload = input === undefined ? undefined : JSON.stringify(input)
      const outgoing = request(url + path, {
        agent,
        method: payload === undefined ? 'GET' : 'POST',
        headers: {
          ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
      })
      outgoing.once('error', reject)
      outgoing.once('response', (response) => {
        const { statusCode: status = 0, headers } = response
        text(response).then(
          (body) => resolve({ status, headers, body, ms: performance.now() - startedAt }),
          reject,
        )
      })
      outgoing.end(payload)
    })
  return {
    send,
    /** Calls a tRPC procedure: as a mutation when there is an input, as a query otherwise. */
    call: async <T = Record<string, unknown>>(procedure: string, request?: HttpRequest) =>
      procedureResultOf<T>(await send(`/trpc/${procedure}`, request)),
    close: () => agent.destroy(),
  }
}

export type ProcedureResult<T> = { ms: number } & (
  | { data: T; reason: null }
  | { data: null; reason: string }
)

/** Reads a tRPC reply: its data, or the `reason` of its error. */
export function procedureResultOf<T>({ body, ms }: HttpReply): ProcedureResult<T> {
  const parsed = JSON.parse(body)
  if (parsed.result) return { ms, data: parsed.result.data as T, reason: null }
  return { ms, data: null, reason: String(parsed.error?.data?.reason) }
}

/** Returns the data of a result; throws when the call was refused. */
export function dataOf<T>(result: ProcedureResult<T>): T {
  if (result.data === null) throw new Error(`refused: ${result.reason}`)
  return result.data
}
