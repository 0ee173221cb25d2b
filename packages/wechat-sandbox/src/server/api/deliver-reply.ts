import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Fault, FaultKind } from '../state/faults.ts'
import { redirectTarget } from './apply-fault.ts'

/** A computed reply that has not been sent yet. */
export interface PendingReply {
  /** The fault that affects the call. */
  fault: Fault
  /** The content type of the reply. */
  contentType: string
  /** Serialized as JSON. */
  body: object
  /** The call. */
  request: FastifyRequest
  /** The reply to send. */
  reply: FastifyReply
}

/** Sends replies, or fails to, as their fault says. */
export interface ReplyDelivery {
  /** Resolves when the fault's delay is over or the caller has disconnected. */
  wait(delivery: PendingReply): Promise<void>
  /** Sends the reply, or breaks the connection as the fault says. */
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

/** Whether a reply of WeChat reaches the caller complete under a fault of this kind. */
export function deliversReply(kind: FaultKind): boolean {
  return sendReplyByFault[kind] === undefined
}

/** @param closing aborts every wait when the server closes */
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

/** Announces the full content length and closes the connection after half of the body. */
function cutBody({ body, contentType, reply }: PendingReply): void {
  const bytes = Buffer.from(JSON.stringify(body))
  reply.hijack()
  reply.raw.writeHead(200, { 'content-type': contentType, 'content-length': bytes.length })
  reply.raw.write(bytes.subarray(0, bytes.length / 2), () => reply.raw.destroy())
}

function page(title: string): string {
  return `<html><body>${title}</body></html>`
}
