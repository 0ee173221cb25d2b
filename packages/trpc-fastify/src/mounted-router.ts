import type { AnyTRPCProcedure, AnyTRPCRouter, TRPCProcedureType } from '@trpc/server'
import type { FastifyHandlerOptions } from '@trpc/server/adapters/fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ProcedureChain, procedureChainOf } from './call/procedure-chain.ts'

/** The `trpcOptions` of tRPC's official Fastify adapter. */
export type HandlerOptions<TRouter extends AnyTRPCRouter> = FastifyHandlerOptions<
  TRouter,
  FastifyRequest,
  FastifyReply
>

/** What is known of a procedure after its first call. */
export interface ProcedureEntry {
  /** Decoded, with dots as separators. */
  readonly path: string
  /** The procedure of the router. */
  readonly procedure: AnyTRPCProcedure
  /** Decides which HTTP methods are accepted. */
  readonly type: TRPCProcedureType
  /** Null when the procedure must be called as a whole. */
  readonly chain: ProcedureChain | null
}

/** A router with its options, and what is computed from them once. */
export interface MountedRouter {
  /** The options as the plugin got them. */
  readonly options: HandlerOptions<AnyTRPCRouter>
  /** The transformer, error formatter and other settings of the router. */
  readonly config: AnyTRPCRouter['_def']['_config']
  /** Whether `multipart/form-data` is passed on to the official handler. */
  readonly allowFormData: boolean
  /** Whether several calls may share a request; default true. */
  readonly allowBatching: boolean
  /** HTTP methods by type of procedure, as the reply's `allow` header lists them. */
  readonly acceptedMethods: Readonly<Record<TRPCProcedureType, readonly string[]>>
  /** By path. It holds existing procedures only, so that clients cannot make it grow. */
  readonly entries: Map<string, ProcedureEntry>
}

/** Prepares a router to be served. */
export function createMountedRouter(
  options: HandlerOptions<AnyTRPCRouter>,
  allowFormData: boolean,
): MountedRouter {
  const queryMethods = options.allowMethodOverride === true ? ['GET', 'POST'] : ['GET']
  return {
    options,
    config: options.router._def._config,
    allowFormData,
    allowBatching: options.allowBatching ?? options.batching?.enabled ?? true,
    acceptedMethods: { query: queryMethods, mutation: ['POST'], subscription: queryMethods },
    entries: new Map(),
  }
}

/**
 * The procedure at a path, or null.
 *
 * @param path decoded, with dots as separators
 */
export function findProcedure(router: MountedRouter, path: string): ProcedureEntry | null {
  const cached = router.entries.get(path)
  if (cached !== undefined) return cached
  const procedure: AnyTRPCProcedure | undefined = router.options.router._def.procedures[path]
  if (procedure === undefined) return null
  const entry: ProcedureEntry = {
    path,
    procedure,
    type: procedure._def.type,
    chain: procedureChainOf(procedure),
  }
  router.entries.set(path, entry)
  return entry
}

/** Whether a path may belong to a lazy router that is not loaded yet. */
export function isInLazyRouter(router: MountedRouter, path: string): boolean {
  for (const key in router.options.router._def.lazy)
    if (path === key || path.startsWith(`${key}.`)) return true
  return false
}
