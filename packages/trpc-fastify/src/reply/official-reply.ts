import type { FastifyReply } from 'fastify'
import { varyWith } from './vary.ts'

/**
 * Completes the headers of the reply that the official handler will send, before Fastify takes them over from its
 * `Response`, which it does after the last hook: `vary` keeps what hooks have set, and a 405 has an `allow`.
 */
export function completeOfficialReply(reply: FastifyReply): void {
  const send = reply.send
  reply.send = function sendCompleted(payload) {
    if (payload instanceof Response) completeHeaders(reply, payload)
    return send.call(reply, payload)
  }
}

function completeHeaders(reply: FastifyReply, { status, headers }: Response): void {
  if (reply.getHeader('vary') !== undefined)
    headers.set('vary', varyWith(reply, headers.get('vary') ?? ''))
  // tRPC leaves it out where it takes forms and bytes by POST only (RFC 9110 §15.5.6).
  if (status === 405 && !headers.has('allow')) headers.set('allow', 'POST')
}
