import type { AnyTRPCProcedure, AnyTRPCRouter, TRPCProcedureType } from '@trpc/server'
import type { FastifyHandlerOptions } from '@trpc/server/adapters/fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Chain, chainOf } from './call/chain.ts'

export type HandlerOptions<TRouter extends AnyTRPCRouter> = FastifyHandlerOptions<
  TRouter,
  FastifyRequest,
  FastifyReply
>

/** A procedure as it was found, so that it is looked at once and not at every call. */
export interface Known {
  readonly path: string
  readonly procedure: AnyTRPCProcedure
  readonly type: TRPCProcedureType
  /** Null where only the procedure itself may be called. */
  readonly chain: Chain | null
}

/** What stays the same from one request to the next. */
export interface Service {
  readonly options: HandlerOptions<AnyTRPCRouter>
  readonly config: AnyTRPCRouter['_def']['_config']
  readonly allowFormData: boolean
  readonly allowBatching: boolean
  /** Methods by type of procedure, as the reply's `allow` names them. */
  readonly accepted: Readonly<Record<TRPCProcedureType, readonly string[]>>
  /** Grows with the router's procedures, never with what a client asks for. */
  readonly known: Map<string, Known>
}

export function createService(
  options: HandlerOptions<AnyTRPCRouter>,
  allowFormData: boolean,
): Service {
  const read = options.allowMethodOverride === true ? ['GET', 'POST'] : ['GET']
  return {
    options,
    config: options.router._def._config,
    allowFormData,
    allowBatching: options.allowBatching ?? options.batching?.enabled ?? true,
    accepted: { query: read, mutation: ['POST'], subscription: read },
    known: new Map(),
  }
}

/** @param path decoded, dotted */
export function procedureAt(service: Service, path: string): Known | null {
  const found = service.known.get(path)
  if (found !== undefined) return found
  const procedure: AnyTRPCProcedure | undefined = service.options.router._def.procedures[path]
  if (procedure === undefined) return null
  const known: Known = {
    path,
    procedure,
    type: procedure._def.type,
    chain: chainOf(procedure),
  }
  service.known.set(path, known)
  return known
}

/** Whether a path may lie in a part of the router that is loaded when first called. */
export function isUnloaded(service: Service, path: string): boolean {
  for (const key in service.options.router._def.lazy)
    if (path === key || path.startsWith(`${key}.`)) return true
  return false
}
