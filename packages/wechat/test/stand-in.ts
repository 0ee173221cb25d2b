import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net'

export interface Asked {
  method: string
  path: string
  query: Record<string, string>
  body: string
  headers: IncomingMessage['headers']
}

export type Play = (asked: Asked, response: ServerResponse) => void

export interface StandIn {
  url: string
  /** Every request so far, in order. */
  asked: Asked[]
  play: Play
  /** Resolves when the next request has arrived. */
  arrival(): Promise<void>
  close(): Promise<void>
}

/** A real HTTP server on a free port that plays WeChat, or its failures. */
export async function startStandIn(play: Play = () => {}): Promise<StandIn> {
  let arrived: (() => void)[] = []
  const standIn: StandIn = {
    url: '',
    asked: [],
    play,
    arrival: () => new Promise((resolve) => arrived.push(resolve)),
    close: async () => {},
  }
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://stand-in')
    let body = ''
    for await (const chunk of request) body += chunk
    const query = Object.fromEntries(url.searchParams)
    const { method = '', headers } = request
    const asked = { method, path: url.pathname, query, body, headers }
    standIn.asked.push(asked)
    standIn.play(asked, response)
    for (const resolve of arrived) resolve()
    arrived = []
  })
  standIn.url = `http://127.0.0.1:${await listen(server)}`
  standIn.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return standIn
}

/** A port that accepts connections and says nothing, not even a TLS handshake. */
export async function startSilence(): Promise<{ port: number; close(): Promise<void> }> {
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

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const { port, close } = await startSilence()
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

/** JSON as WeChat sends it: 200, whatever it says, as text/plain. */
export function reply(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'text/plain' }).end(JSON.stringify(value))
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
