import type { TRPCRequestInfo } from '@trpc/server/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { urlOf } from '../request/address.ts'
import type { RpcRequest } from '../rpc-request.ts'
import { abortSignalOf } from './abort-signal.ts'
import { parsedInputOf } from './inputs.ts'

/** tRPC's description of a request, for `createContext` and `responseMeta`. Created when first read. */
export function requestInfoOf(rpc: RpcRequest): TRPCRequestInfo {
  rpc.info ??= createRequestInfo(rpc)
  return rpc.info
}

const rpcRequest: unique symbol = Symbol('rpcRequest')

interface ContextOptions {
  readonly [rpcRequest]: RpcRequest
  readonly req: FastifyRequest
  readonly res: FastifyReply
}

const lazyInfo: PropertyDescriptor & ThisType<ContextOptions> = {
  enumerable: true,
  configurable: true,
  get() {
    return requestInfoOf(this[rpcRequest])
  },
}

/** The argument of `createContext`. Its `info` is an own property, so that spreading copies it, but created lazily. */
export function contextOptionsOf(
  rpc: RpcRequest,
): ContextOptions & { readonly info: TRPCRequestInfo } {
  const options = { req: rpc.request, res: rpc.reply, [rpcRequest]: rpc }
  return Object.defineProperty(options, 'info', lazyInfo) as ReturnType<typeof contextOptionsOf>
}

function createRequestInfo(rpc: RpcRequest): TRPCRequestInfo {
  let url: URL | undefined
  return {
    isBatchCall: rpc.isBatch,
    accept: null,
    calls: rpc.calls.map((call) => ({
      batchIndex: call.index,
      path: call.path,
      procedure: call.entry?.procedure ?? null,
      getRawInput: call.getRawInput,
      result: () => parsedInputOf(rpc, call),
    })),
    type: rpc.type,
    connectionParams: null,
    get signal() {
      return abortSignalOf(rpc)
    },
    get url() {
      url ??= urlOf(rpc.request)
      return url
    },
  }
}
