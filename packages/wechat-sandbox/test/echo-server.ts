import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

export interface Echo {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
}

export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Replies with the request as JSON. */
export function serveEcho(): Promise<string> {
  return serve(async (request, response) => {
    const { method = '', url = '', headers } = request
    const echo: Echo = { method, url, headers, body: await text(request) }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(echo))
  })
}
