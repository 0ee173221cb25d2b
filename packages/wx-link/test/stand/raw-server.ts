import { createServer, type RequestListener } from 'node:http'

export interface RawServer {
  url: string
  close(): Promise<void>
}

/** A server that answers as it likes: a gateway, another framework, one that hangs. */
export async function startRawServer(listener: RequestListener): Promise<RawServer> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}/trpc`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
