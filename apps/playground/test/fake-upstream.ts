import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeUpstream {
  url: string
  /** The received requests, oldest first. */
  requests: { line: string; headers: IncomingMessage['headers']; body: string }[]
  close(): Promise<void>
}

/** Starts an HTTP server on a free port. */
export async function startFakeUpstream(answer: RequestListener): Promise<FakeUpstream> {
  const requests: FakeUpstream['requests'] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    requests.push({ line: `${request.method} ${request.url}`, headers: request.headers, body })
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
