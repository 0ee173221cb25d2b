import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Fault, FaultKind } from '../state/faults.ts'
import { redirectTarget } from './apply-fault.ts'

export interface PendingReply {
  fault: Fault
  contentType: string
  body: object
  request: FastifyRequest
  reply: FastifyReply
}

/** Brings an answer to the caller, or not, as the fault says. */
export interface ReplyDelivery {
  /** For as long as the fault keeps the caller waiting and the caller stays. */
  wait(delivery: PendingReply): Promise<void>
  send(delivery: PendingReply): unknown
}

type SendReply = (delivery: PendingReply) => unknown

const sendReplyByFault: Partial<Record<FaultKind, SendReply>> = {
  down: closeConnection,
  lost: closeConnection,
  silent: closeConnection,
  cut: cutBody,
  redirect: ({ reply }) => reply.redirect(redirectTarget, 302),
  garbage: ({ reply }) => reply.type('text/html').send(page('502 Bad Gateway')),
  http500: ({ reply }) => reply.code(500).type('text/html').send(page('500 Internal Server Error')),
}

/** Whether WeChat's answer reaches the caller whole under a fault of this kind. */
export function deliversReply(kind: FaultKind): boolean {
  return sendReplyByFault[kind] === undefined
}

/** `closing` ends every wait. */
export function createReplyDelivery(closing: AbortSignal): ReplyDelivery {
  return {
    async wait({ fault, request }) {
      if (fault.kind !== 'slow' && fault.kind !== 'silent') return
      const gone = new AbortController()
      request.raw.socket.once('close', () => gone.abort())
      const signal = AbortSignal.any([gone.signal, closing])
      const pauses =
        fault.kind === 'slow' ? delay(fault.delayMs, undefined, { signal }) : until(signal)
      await pauses.catch(() => {})
    },
    send(delivery) {
      const { fault, contentType, body, reply } = delivery
      const send = sendReplyByFault[fault.kind]
      if (send !== undefined) return send(delivery)
      return reply.type(contentType).send(JSON.stringify(body))
    },
  }
}

function until(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function closeConnection({ request, reply }: PendingReply): void {
  reply.hijack()
  request.raw.socket.destroy()
}

/** Announces the whole answer and breaks off after the first half. */
function cutBody({ body, contentType, reply }: PendingReply): void {
  const bytes = Buffer.from(JSON.stringify(body))
  reply.hijack()
  reply.raw.writeHead(200, { 'content-type': contentType, 'content-length': bytes.length })
  reply.raw.write(bytes.subarray(0, bytes.length / 2), () => reply.raw.destroy())
}

function page(title: string): string {
  return `<html><body>${title}</body></html>`
}
