import type { FastifyInstance } from 'fastify'
import type { SandboxState } from '../state/sandbox-state.ts'
import { errorBody, WeChatError } from '../wechat-error.ts'
import { plainToken, stableToken } from './access-token.ts'
import { applyFault, redirectTarget } from './apply-fault.ts'
import { codeToSession } from './code-to-session.ts'
import { createReplyDelivery, deliversReply } from './deliver-reply.ts'
import type { Endpoint } from './endpoint.ts'
import { createEndpointRequest, json } from './endpoint.ts'
import { phoneNumber } from './phone-number.ts'
import { checkSession, resetSessionKey } from './session-key.ts'

const endpointFactories = [
  codeToSession,
  stableToken,
  plainToken,
  phoneNumber,
  checkSession,
  resetSessionKey,
]

/** A service must not follow the redirect; if it does, the call log shows a call to this path. */
const redirectEndpoint: Endpoint = {
  method: 'GET',
  path: redirectTarget,
  contentType: json,
  handle: () => {
    throw new WeChatError(40066)
  },
}

/** Registers the endpoints of WeChat's server API that signing in needs; returns their paths. */
export function registerWeChatApi(app: FastifyInstance, state: SandboxState): string[] {
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())
  const deliver = createReplyDelivery(closing.signal)
  const endpoints = endpointFactories.map((each) => each(state))

  for (const endpoint of [...endpoints, redirectEndpoint]) {
    app.all(endpoint.path, async (request, reply) => {
      const startedAt = state.now()
      const fault = state.faults.next(endpoint.path)
      const input = createEndpointRequest(request.query, request.body)
      const body = applyFault(fault, { now: startedAt }, () => {
        if (request.method !== endpoint.method) {
          return errorBody(endpoint.method === 'GET' ? 43001 : 43002, startedAt)
        }
        return errorBodyOnRefusal(() => endpoint.handle(input), startedAt)
      })
      const delivery = { fault, contentType: endpoint.contentType, body, request, reply }
      await deliver.wait(delivery)
      state.calls.add({
        at: new Date(startedAt).toISOString(),
        durationMs: state.now() - startedAt,
        method: request.method,
        path: endpoint.path,
        appId: input.logFields.appId ?? null,
        code: input.logFields.code ? `${input.logFields.code.slice(0, 6)}…` : null,
        // A caller that has given up gets no reply.
        errcode: deliversReply(fault.kind) && !request.raw.destroyed ? errcodeOf(body) : null,
        fault: fault.kind === 'none' ? null : fault.kind,
      })
      return deliver.send(delivery)
    })
  }
  return endpoints.map(({ path }) => path)
}

function errorBodyOnRefusal(process: () => object, now: number): object {
  try {
    return process()
  } catch (error) {
    if (error instanceof WeChatError) return errorBody(error.errcode, now)
    throw error
  }
}

function errcodeOf(body: object): number {
  return 'errcode' in body && typeof body.errcode === 'number' ? body.errcode : 0
}
