import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A call that a receiver of webhooks has got. */
export interface ReceivedCall {
  readonly headers: Record<string, string>
  readonly body: string
}

/** A receiver of webhooks in the process of the test, until the test ends. */
export interface TestReceiver {
  readonly url: string
  readonly calls: readonly ReceivedCall[]
  /** Sets the status of the answers from now on. */
  answerWith(status: number): void
}

/** Starts a receiver on a loopback address. @param status of its answers */
export async function startReceiver(status: number): Promise<TestReceiver> {
  const state = { status }
  const calls: ReceivedCall[] = []
  const server = createServer(async (request, reply) => {
    const body = (await request.toArray()).join('')
    calls.push({ headers: request.headers as Record<string, string>, body })
    reply.writeHead(state.status).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  return { url, calls, answerWith: (next) => void Object.assign(state, { status: next }) }
}
