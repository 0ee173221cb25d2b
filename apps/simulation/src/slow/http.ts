import { type Agent, type IncomingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'

export interface SentRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

export interface ReceivedReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Sends a request. Resolves with null where no whole reply comes: the process may have died at any moment. */
export function sendHttp(agent: Agent, sent: SentRequest): Promise<ReceivedReply | null> {
  return new Promise((resolve) => {
    const { method, url, headers, body } = sent
    const outgoing = request(url, { agent, method, headers }, (incoming) => {
      const { statusCode: status = 0, headers: received } = incoming
      text(incoming).then(
        (read) => resolve({ status, headers: received, body: read }),
        () => resolve(null),
      )
    })
    outgoing.once('error', () => resolve(null))
    outgoing.end(body)
  })
}
