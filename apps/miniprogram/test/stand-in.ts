import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedCall {
  path: string
  input: unknown
  token: string | undefined
}

/** Thrown by an answer: the service refuses, with the reasons and shapes of the real one. */
export class Refusal extends Error {
  readonly data: { reason: string; code: string; traceId: string; retryAfter?: number }

  constructor(reason: string, details: { code?: string; retryAfter?: number } = {}) {
    super(reason)
    this.data = { reason, code: 'BAD_REQUEST', traceId: 'trace-1', ...details }
  }
}

type Answer = (input: never, call: ReceivedCall) => unknown

export interface StandIn {
  url: string
  calls: ReceivedCall[]
  /** One answer for each procedure; a test changes them as it goes. */
  answers: Record<string, Answer>
  /** Resolves with the first call of a procedure, as soon as it has arrived. */
  heard(path: string): Promise<ReceivedCall>
  /** How often the phone asked WeChat for a login code. */
  logins(): number
  /** While true every connection to tRPC is cut without a reply. */
  down: boolean
  close(): Promise<void>
}

/** Plays the service (tRPC) and WeChat's login on one real port, in the shapes of the wire. */
export async function startStandIn(answers: Record<string, Answer>): Promise<StandIn> {
  let logins = 0
  const arrivals = new EventEmitter()
  const server = createServer(async (request, reply) => {
    const url = new URL(request.url ?? '/', 'http://stand-in')
    if (url.pathname === '/sandbox/login') {
      logins += 1
      return send(reply, 200, { code: `code-${logins}` })
    }
    if (standIn.down) return request.socket.destroy()
    return answerTrpc(standIn, { request, reply, url, arrivals })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const standIn: StandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    answers,
    heard: async (path) =>
      standIn.calls.find((call) => call.path === path) ?? (await once(arrivals, path))[0],
    logins: () => logins,
    down: false,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
  return standIn
}

interface Exchange {
  request: IncomingMessage
  reply: ServerResponse
  url: URL
  arrivals: EventEmitter
}

async function answerTrpc(standIn: StandIn, exchange: Exchange): Promise<void> {
  const { request, reply, url, arrivals } = exchange
  const body = JSON.parse((await bodyOf(request)) || url.searchParams.get('input') || '{}')
  const batch = url.searchParams.has('batch')
  const paths = url.pathname.replace('/trpc/', '').split(',')
  const token = request.headers.authorization
  const results = await Promise.all(
    paths.map(async (path, index) => {
      const call = { path, input: batch ? body[index] : body, token }
      standIn.calls.push(call)
      arrivals.emit(path, call)
      return resultOf(standIn.answers[path], call)
    }),
  )
  send(reply, 200, batch ? results : results[0])
}

async function resultOf(answer: Answer | undefined, call: ReceivedCall): Promise<unknown> {
  try {
    if (!answer) throw new Refusal('not_found')
    return { result: { data: await answer(call.input as never, call) } }
  } catch (error) {
    const data = error instanceof Refusal ? error.data : { reason: 'internal', message: `${error}` }
    return { error: { message: 'refused', code: -32600, data } }
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += chunk
  return body
}

function send(reply: ServerResponse, status: number, value: unknown): void {
  reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
