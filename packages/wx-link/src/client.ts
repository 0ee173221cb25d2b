import type { Operation, TRPCClient, TRPCLink, TRPCRequestOptions } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { toClientError } from './client-error.ts'
import type { WxLinkOptions } from './link.ts'
import { createTerminal } from './wire/terminal.ts'

export { isClientError, WxClientError } from './client-error.ts'
export { linkError, WxLinkError, type WxLinkErrorKind } from './wire/link-error.ts'
export type { WxLinkMeta } from './wire/terminal.ts'
export type { WxReply, WxRequest, WxRequestOptions } from './wire/wx-request.ts'
export type { WxLinkOptions }

/** As `createTRPCClient` types it, without what belongs to tRPC's own client. */
export type WxClient<TRouter extends AnyRouter> = {
  [K in keyof TRPCClient<TRouter> as K extends string ? K : never]: TRPCClient<TRouter>[K]
}

export interface WxClientOptions<TRouter extends AnyRouter> {
  /** The last one sends. */
  links: TRPCLink<TRouter>[]
}

type Link = ReturnType<TRPCLink<AnyRouter>>
type Observable = ReturnType<Link>

const types: Record<string, 'query' | 'mutation'> = { query: 'query', mutate: 'mutation' }

/** `wxLink` of the main door, for `createWxClient`: its errors are WxClientErrors. */
export function wxLink<TRouter extends AnyRouter>(
  options: WxLinkOptions<TRouter>,
): TRPCLink<TRouter> {
  return createTerminal(options, toClientError) as TRPCLink<TRouter>
}

/**
 * What `createTRPCClient` does for queries and mutations, in a twentieth of its size and without
 * an AbortController. Whatever goes wrong with a call rejects its promise with a WxClientError.
 */
export function createWxClient<TRouter extends AnyRouter>({
  links,
}: WxClientOptions<TRouter>): WxClient<TRouter> {
  const chain = links.map((link) => link({})) as unknown as Link[]
  let id = 0
  const run = (index: number, op: Operation): Observable => {
    const link = chain[index]
    if (!link) throw new Error('No link ends the chain')
    return link({ op, next: (nextOp) => run(index + 1, nextOp as Operation) })
  }
  const call = (path: string[], input: unknown, options: TRPCRequestOptions = {}) =>
    new Promise((resolve, reject) => {
      const fail = (error: unknown) => reject(toClientError(error as Error))
      try {
        const type = types[path.pop() ?? '']
        if (!type) throw new TypeError('createWxClient knows query and mutate only')
        const { context = {}, signal } = options
        id += 1
        const op = { id, type, path: path.join('.'), input, context, signal }
        run(0, op as Operation).subscribe({
          next: ({ result }) => resolve((result as { data?: unknown }).data),
          error: fail,
        })
      } catch (error) {
        fail(error)
      }
    })
  return procedures(call, []) as WxClient<TRouter>
}

/** Whatever path is read from it, a call at its end makes the call. */
function procedures(
  call: (path: string[], input: unknown, options?: TRPCRequestOptions) => unknown,
  path: string[],
): unknown {
  return new Proxy(() => {}, {
    // A client that is awaited must not look like a promise.
    get: (_, key) =>
      typeof key === 'string' && key !== 'then' ? procedures(call, [...path, key]) : undefined,
    apply: (_, __, [input, options]) => call([...path], input, options),
  })
}
