import type { Context, ErrorShape } from '@mianmi/contracts'
import type { World } from '../world.ts'
import { accessTokenOf, parseRequest, type RequestedCall } from './requests.ts'
import type { HttpReply, HttpRequest, ServerCall, ServiceNode } from './service.ts'

/**
 * Answers a request for a procedure of the mini program by tRPC's own resolvers and the router's error formatter, as
 * the service's HTTP adapter does, but for the parsing of HTTP itself.
 */
export async function serve(
  world: World,
  node: ServiceNode,
  request: HttpRequest,
): Promise<HttpReply> {
  const { isBatch, calls } = parseRequest(request)
  const replies = await Promise.all(
    calls.map((call) => answerCall(world, node, { ...call, request })),
  )
  const statuses = replies.map((reply) => reply.status)
  const status = new Set(statuses).size === 1 ? (statuses[0] ?? 200) : 207
  const bodies = replies.map((reply) => reply.body)
  return { status, body: JSON.stringify(isBatch ? bodies : bodies[0]) }
}

interface IncomingCall extends RequestedCall {
  readonly request: HttpRequest
}

async function answerCall(
  world: World,
  node: ServiceNode,
  { path, input, id, request }: IncomingCall,
): Promise<{ status: number; body: unknown }> {
  const { server } = world.product
  const call: ServerCall = {
    node: node.name,
    path,
    input,
    callId: id,
    accessToken: accessTokenOf(request),
    address: request.address,
    startedAt: world.timeline.now,
    caller: null,
  }
  world.observers.called(call)
  const ctx = contextOf(world, node, { call, request })
  const type = request.method === 'GET' ? 'query' : 'mutation'
  try {
    const data = await server.callTRPCProcedure({
      router: server.appRouter,
      path,
      getRawInput: async () => input,
      ctx,
      type,
      signal: undefined,
      batchIndex: 0,
    })
    world.observers.served(call, { data })
    return { status: 200, body: { result: { data } } }
  } catch (cause) {
    const error = server.getTRPCErrorFromUnknown(cause)
    const config = server.appRouter._def._config
    const shape = server.getTRPCErrorShape({ config, error, type, path, input, ctx }) as ErrorShape
    world.observers.served(call, { reason: shape.data.reason, error: error.cause ?? error })
    return { status: shape.data.httpStatus, body: { error: shape } }
  }
}

function contextOf(
  world: World,
  node: ServiceNode,
  { call, request }: { call: ServerCall; request: HttpRequest },
): Context {
  const { users } = node
  const authenticate: Context['users']['authenticate'] = async (token) => {
    const caller = await users.authenticate(token)
    call.caller = caller
    world.observers.authenticated(call, caller)
    return caller
  }
  return {
    users: { ...users, authenticate },
    accessToken: call.accessToken,
    origin: { address: request.address, device: request.device },
    traceId: 'trace',
  }
}
