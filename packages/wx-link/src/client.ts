import type { Operation, TRPCClient, TRPCLink, TRPCRequestOptions } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { toClientError } from './client-error.ts'
import type { WxLinkOptions } from './link.ts'
import { createTerminatingLink } from './wire/terminating-link.ts'

export { isClientError, WxClientError } from './client-error.ts'
export { linkError, WxLinkError, type WxLinkErrorKind } from './wire/link-error.ts'
export type { WxLinkMeta, WxReply, WxRequest, WxRequestOptions } from './wire/wx-request.ts'
export type { WxLinkOptions }

/** The procedures of a router, typed as `createTRPCClient` types them. */
export type WxClient<TRouter extends AnyRouter> = {
  [K in keyof TRPCClient<TRouter> as K extends string ? K : never]: TRPCClient<TRouter>[K]
}

/** Options of {@link createWxClient}. */
export interface WxClientOptions<TRouter extends AnyRouter> {
  /** Called in this order. The last one must be a terminating link, such as `wxLink`. */
  links: TRPCLink<TRouter>[]
}

type OperationLink = ReturnType<TRPCLink<AnyRouter>>
type OperationResults = ReturnType<OperationLink>
type RunOperation = (op: Operation) => OperationResults

/**
 * A terminating tRPC link over `wx.request`, for `createWxClient`. It is the `wxLink` of the main
 * entry point, except that its errors are WxClientErrors.
 *
 * @see https://trpc.io/docs/client/links#the-terminating-link
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/network/request/wx.request.html
 *
 * @example
 * ```ts
 * import { createWxClient, wxLink } from '@mianmi/wx-link/client'
 *
 * const link = wxLink<AppRouter>({
 *   url: 'https://example.com/trpc',
 *   request: wx.request,
 *   headers: () => ({ 'x-app-version': '1.2.0' }),
 *   timeout: 15_000,
 * })
 * const api = createWxClient<AppRouter>({ links: [link] })
 * ```
 */
export const wxLink = <TRouter extends AnyRouter>(
  options: WxLinkOptions<TRouter>,
): TRPCLink<TRouter> => {
  return createTerminatingLink(options, toClientError) as TRPCLink<TRouter>
}

/**
 * A tRPC client for queries and mutations, in a twentieth of the size of `createTRPCClient` and
 * without an AbortController. A failed call rejects with a WxClientError.
 *
 * @example
 * ```ts
 * import { createWxClient, isClientError, linkError, wxLink } from '@mianmi/wx-link/client'
 *
 * const api = createWxClient<AppRouter>({
 *   links: [wxLink({ url: 'https://example.com/trpc', request: wx.request })],
 * })
 * try {
 *   const { text } = await api.greet.query({ name: '小明' })
 *   console.log(text)
 * } catch (error) {
 *   if (isClientError<AppRouter>(error)) console.warn(error.data?.code, linkError(error)?.kind)
 * }
 * ```
 */
export const createWxClient = <TRouter extends AnyRouter>({
  links,
}: WxClientOptions<TRouter>): WxClient<TRouter> => {
  const chain = links.map((link) => link({})) as unknown as OperationLink[]
  let id = 0
  const call = (path: string[], input: unknown, options: TRPCRequestOptions = {}) =>
    new Promise((resolve, reject) => {
      const method = path.pop() as string
      const type = ({ query: 'query', mutate: 'mutation' } as Record<string, Operation['type']>)[
        method
      ]
      if (!type) throw new TypeError(`createWxClient has no ${method}`)
      const { context = {}, signal } = options
      // Without effect after a result.
      const fail = () => reject('No link gave a result')
      id += 1
      const run = chain.reduceRight<RunOperation>(
        (next, link) => (op) =>
          rejectOnThrow(link({ op, next: next as (op: unknown) => OperationResults }), reject),
        fail as () => never,
      )
      run({ id, type, path: path.join('.'), input, context, signal } as Operation).subscribe({
        next: ({ result }) => resolve((result as { data?: unknown }).data),
        error: reject,
        complete: fail,
      })
    }).catch((error) => {
      throw toClientError(error)
    })
  return procedures(call, []) as WxClient<TRouter>
}

/** A link above that throws while it handles an error would leave the call without an end. */
const rejectOnThrow = (results: OperationResults, reject: (error: unknown) => void) => {
  const { subscribe } = results
  // In place: `pipe` subscribes to this object, too.
  results.subscribe = (observer) => {
    const guarded: typeof observer = Object.create(observer)
    guarded.error = (failure) => {
      try {
        if (observer.error) observer.error(failure)
      } catch (thrown) {
        reject(thrown)
      }
    }
    return subscribe.call(results, guarded)
  }
  return results
}

/** Records the property path; calling it makes the call with that path. */
const procedures = (
  call: (path: string[], input: unknown, options?: TRPCRequestOptions) => unknown,
  path: string[],
): unknown =>
  new Proxy(() => {}, {
    // `await` looks for `then`: a client must not look like a promise.
    get: (_, key) =>
      typeof key === 'string' && key !== 'then' ? procedures(call, [...path, key]) : undefined,
    apply: (_, __, [input, options]) => call([...path], input, options),
  })
