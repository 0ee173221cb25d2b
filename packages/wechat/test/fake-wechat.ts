import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net'

export interface ReceivedRequest {
  method: string
  path: string
  query: Record<string, string>
  body: string
  headers: IncomingMessage['headers']
}

export type RequestHandler = (request: ReceivedRequest, response: ServerResponse) => void

export interface FakeWechat {
  url: string
  /** Every request so far, in order. */
  requests: ReceivedRequest[]
  /** Answers the requests; may be replaced at any time. */
  handler: RequestHandler
  /** Resolves when the next request has arrived. */
  nextRequest(): Promise<void>
  close(): Promise<void>
}

/** A real HTTP server on a free port that answers as WeChat does, or fails. */
export async function startFakeWechat(handler: RequestHandler = () => {}): Promise<FakeWechat> {
  let waiting: (() => void)[] = []
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://fake-wechat')
    let body = ''
    for await (const chunk of request) body += chunk
    const query = Object.fromEntries(url.searchParams)
    const { method = '', headers } = request
    const received = { method, path: url.pathname, query, body, headers }
    fake.requests.push(received)
    fake.handler(received, response)
    for (const resolve of waiting) resolve()
    waiting = []
  })
  const fake: FakeWechat = {
    url: `http://127.0.0.1:${await listen(server)}`,
    requests: [],
    handler,
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return fake
}

/** A port that accepts connections and sends nothing, not even a TLS handshake. */
export async function startSilentServer(): Promise<{ port: number; close(): Promise<void> }> {
  const sockets: Socket[] = []
  const server = createTcpServer((socket) => {
    socket.on('error', () => {})
    sockets.push(socket)
  })
  const port = await listen(server)
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  return { port, close }
}

/** A port on which no server listens. */
export async function unusedPort(): Promise<number> {
  const { port, close } = await startSilentServer()
  await close()
  return port
}

/** A promise and the function that resolves it. */
export function latch(): { opened: Promise<void>; open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** Sends JSON as WeChat does: always with status 200, as text/plain. */
export function reply(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'text/plain' }).end(JSON.stringify(value))
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
