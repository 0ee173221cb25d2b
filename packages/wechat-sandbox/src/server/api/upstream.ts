import type { FastifyInstance } from 'fastify'
import type { State } from '../state/state.ts'
import { errorBody, WeChatError } from '../wechat-error.ts'
import { plainToken, stableToken } from './access-token.ts'
import { codeToSession } from './code-to-session.ts'
import { createDelivery, isAnswer } from './delivery.ts'
import type { Endpoint } from './endpoint.ts'
import { createIncoming, json } from './endpoint.ts'
import { phoneNumber } from './phone-number.ts'
import { checkSession, resetSessionKey } from './session-key.ts'
import { redirectTarget, spoil } from './spoil.ts'

const make = [codeToSession, stableToken, plainToken, phoneNumber, checkSession, resetSessionKey]

/** Nobody should come here; if somebody follows a redirect, the call log shows it. */
const elsewhere: Endpoint = {
  method: 'GET',
  path: redirectTarget,
  contentType: json,
  answer: () => {
    throw new WeChatError(40066)
  },
}

/** The part of WeChat's server API that a sign-in needs; returns its paths. */
export function registerUpstream(app: FastifyInstance, state: State): string[] {
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())
  const deliver = createDelivery(closing.signal)
  const endpoints = make.map((each) => each(state))

  for (const endpoint of [...endpoints, elsewhere]) {
    app.all(endpoint.path, async (request, reply) => {
      const startedAt = state.now()
      const fault = state.faults.next(endpoint.path)
      const incoming = createIncoming(request.query, request.body)
      const body = spoil(fault, { now: startedAt }, () => {
        if (request.method !== endpoint.method) {
          return errorBody(endpoint.method === 'GET' ? 43001 : 43002, startedAt)
        }
        return orRefusal(() => endpoint.answer(incoming), startedAt)
      })
      const delivery = { fault, contentType: endpoint.contentType, body, request, reply }
      await deliver.wait(delivery)
      state.calls.add({
        at: new Date(startedAt).toISOString(),
        durationMs: state.now() - startedAt,
        method: request.method,
        path: endpoint.path,
        appId: incoming.note.appId ?? null,
        code: incoming.note.code ? `${incoming.note.code.slice(0, 6)}…` : null,
        errcode: isAnswer(fault.kind) ? errcodeOf(body) : null,
        fault: fault.kind === 'none' ? null : fault.kind,
      })
      return deliver.send(delivery)
    })
  }
  return endpoints.map(({ path }) => path)
}

function orRefusal(answer: () => object, now: number): object {
  try {
    return answer()
  } catch (error) {
    if (error instanceof WeChatError) return errorBody(error.errcode, now)
    throw error
  }
}

function errcodeOf(body: object): number {
  return 'errcode' in body && typeof body.errcode === 'number' ? body.errcode : 0
}
