import type { TRPCRequestInfo } from '@trpc/server/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Exchange } from '../exchange.ts'
import { signalOf } from './abort.ts'
import { inputSoFar } from './inputs.ts'

/** What `createContext` and `responseMeta` are told of a request; made when first asked for. */
export function infoOf(exchange: Exchange): TRPCRequestInfo {
  exchange.info ??= createInfo(exchange)
  return exchange.info
}

const origin: unique symbol = Symbol('exchange')

/** What `createContext` gets. */
interface ContextOptions {
  readonly [origin]: Exchange
  readonly req: FastifyRequest
  readonly res: FastifyReply
}

const lazyInfo: PropertyDescriptor & ThisType<ContextOptions> = {
  enumerable: true,
  configurable: true,
  get() {
    return infoOf(this[origin])
  },
}

/** With an `info` that is an own property, so that a copy has it, but is made only when read. */
export function contextOptionsOf(
  exchange: Exchange,
): ContextOptions & { readonly info: TRPCRequestInfo } {
  const options = { req: exchange.request, res: exchange.reply, [origin]: exchange }
  return Object.defineProperty(options, 'info', lazyInfo) as ReturnType<typeof contextOptionsOf>
}

function createInfo(exchange: Exchange): TRPCRequestInfo {
  let url: URL | undefined
  return {
    isBatchCall: exchange.isBatch,
    accept: null,
    calls: exchange.calls.map((call) => ({
      batchIndex: call.index,
      path: call.path,
      procedure: call.known?.procedure ?? null,
      getRawInput: call.getRawInput,
      result: () => inputSoFar(exchange, call),
    })),
    type: exchange.type,
    connectionParams: null,
    get signal() {
      return signalOf(exchange)
    },
    get url() {
      url ??= urlOf(exchange.request)
      return url
    },
  }
}

export function baseOf(request: FastifyRequest): string {
  return `${isSecure(request) ? 'https' : 'http'}://${hostOf(request)}`
}

export function isSecure({ raw: { headers, socket } }: FastifyRequest): boolean {
  return headers[':scheme'] === 'https' || ('encrypted' in socket && socket.encrypted === true)
}

export function hostOf({ raw: { headers } }: FastifyRequest): string {
  const host = headers.host ?? headers[':authority'] ?? 'localhost'
  return typeof host === 'string' ? host : host.join()
}

function urlOf(request: FastifyRequest): URL {
  return new URL(request.raw.url ?? '/', baseOf(request))
}
