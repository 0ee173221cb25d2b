import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedCall {
  path: string
  input: unknown
  token: string | undefined
}

/** Thrown by a handler: an error of the service, with the fields of the real one. */
export class ServiceError extends Error {
  readonly data: { reason: string; code: string; traceId: string; retryAfter?: number }

  constructor(reason: string, details: { code?: string; retryAfter?: number } = {}) {
    super(reason)
    this.data = { reason, code: 'BAD_REQUEST', traceId: 'trace-1', ...details }
  }
}

type Handler = (input: never, call: ReceivedCall) => unknown

export interface ServiceStub {
  url: string
  calls: ReceivedCall[]
  /** A handler for each procedure. Tests change them during the test. */
  handlers: Record<string, Handler>
  /** The first call of a procedure, as soon as it has arrived. */
  received(path: string): Promise<ReceivedCall>
  /** The number of login codes that WeChat has issued. */
  logins(): number
  /** While true, connections to tRPC are closed without a reply. */
  down: boolean
  close(): Promise<void>
}

/** The service (tRPC) and WeChat's login on one real port. */
export async function startServiceStub(handlers: Record<string, Handler>): Promise<ServiceStub> {
  let logins = 0
  const arrivals = new EventEmitter()
  const server = createServer(async (request, reply) => {
    const url = new URL(request.url ?? '/', 'http://stub')
    if (url.pathname === '/sandbox/login') {
      logins += 1
      return send(reply, 200, { code: `code-${logins}` })
    }
    if (stub.down) return request.socket.destroy()
    return handleTrpc(stub, { request, reply, url, arrivals })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const stub: ServiceStub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    handlers,
    received: async (path) =>
      stub.calls.find((call) => call.path === path) ?? (await once(arrivals, path))[0],
    logins: () => logins,
    down: false,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
  return stub
}

interface StubRequest {
  request: IncomingMessage
  reply: ServerResponse
  url: URL
  arrivals: EventEmitter
}

async function handleTrpc(stub: ServiceStub, stubRequest: StubRequest): Promise<void> {
  const { request, reply, url, arrivals } = stubRequest
  const body = JSON.parse((await bodyOf(request)) || url.searchParams.get('input') || '{}')
  const batch = url.searchParams.has('batch')
  const paths = url.pathname.replace('/trpc/', '').split(',')
  const token = request.headers.authorization
  const results = await Promise.all(
    paths.map(async (path, index) => {
      const call = { path, input: batch ? body[index] : body, token }
      stub.calls.push(call)
      arrivals.emit(path, call)
      return resultOf(stub.handlers[path], call)
    }),
  )
  send(reply, 200, batch ? results : results[0])
}

async function resultOf(handler: Handler | undefined, call: ReceivedCall): Promise<unknown> {
  try {
    if (!handler) throw new ServiceError('not_found')
    return { result: { data: await handler(call.input as never, call) } }
  } catch (error) {
    const data =
      error instanceof ServiceError ? error.data : { reason: 'internal', message: `${error}` }
    return { error: { message: 'service error', code: -32600, data } }
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
