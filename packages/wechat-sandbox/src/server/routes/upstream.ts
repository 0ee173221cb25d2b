import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Fault } from '../state/faults.ts'
import type { State } from '../state/state.ts'
import { errorBody, WeChatError } from '../wechat-error.ts'
import { plainToken, stableToken } from './access-token.ts'
import { codeToSession } from './code-to-session.ts'
import type { Endpoint, Incoming } from './endpoint.ts'
import { createIncoming } from './endpoint.ts'
import { phoneNumber } from './phone-number.ts'
import { checkSession, resetSessionKey } from './session-key.ts'

/** The part of WeChat's server API that a sign-in needs. */
export function registerUpstream(app: FastifyInstance, state: State): void {
  const make = [codeToSession, stableToken, plainToken, phoneNumber, checkSession, resetSessionKey]
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())

  for (const endpoint of make.map((each) => each(state))) {
    app.all(endpoint.path, async (request, reply) => {
      const startedAt = state.now()
      const fault = state.faults.next(endpoint.path)
      const incoming = createIncoming(request.query, request.body)
      const body =
        fault.kind === 'down' ? null : answer(endpoint, { request, incoming, state, fault })
      if (fault.kind === 'slow') await wait(fault.delayMs, request, closing.signal)
      const lost = body === null || fault.kind === 'lost'
      state.calls.add({
        at: new Date(startedAt).toISOString(),
        durationMs: state.now() - startedAt,
        method: request.method,
        path: endpoint.path,
        appId: incoming.note.appId ?? null,
        code: incoming.note.code ? `${incoming.note.code.slice(0, 6)}…` : null,
        errcode: lost || fault.kind === 'garbage' ? null : errcodeOf(body),
        fault: fault.kind === 'none' ? null : fault.kind,
      })
      return lost ? hangUp(request, reply) : send(reply, { endpoint, fault, body })
    })
  }
}

interface Call {
  request: FastifyRequest
  incoming: Incoming
  state: State
  fault: Fault
}

const refusals = { busy: -1, blocked: 40226, rateLimited: 45011 } as const

function answer(endpoint: Endpoint, { request, incoming, state, fault }: Call): object {
  try {
    if (request.method !== endpoint.method) {
      throw new WeChatError(endpoint.method === 'GET' ? 43001 : 43002)
    }
    const reply = endpoint.answer(incoming)
    // Refused only now: the code is used up, as it may be at the real one.
    if (fault.kind in refusals) {
      throw new WeChatError(refusals[fault.kind as keyof typeof refusals])
    }
    return reply
  } catch (error) {
    if (error instanceof WeChatError) return errorBody(error.errcode, state.now())
    throw error
  }
}

function errcodeOf(body: object): number {
  return 'errcode' in body && typeof body.errcode === 'number' ? body.errcode : 0
}

async function wait(ms: number, request: FastifyRequest, closing: AbortSignal): Promise<void> {
  const gone = new AbortController()
  request.raw.socket.once('close', () => gone.abort())
  await delay(ms, undefined, { signal: AbortSignal.any([gone.signal, closing]) }).catch(() => {})
}

function hangUp(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  request.raw.socket.destroy()
}

function send(
  reply: FastifyReply,
  { endpoint, fault, body }: { endpoint: Endpoint; fault: Fault; body: object },
): FastifyReply {
  if (fault.kind === 'garbage') {
    return reply.type('text/html').send('<html><body>502 Bad Gateway</body></html>')
  }
  return reply.type(endpoint.contentType).send(JSON.stringify(body))
}
