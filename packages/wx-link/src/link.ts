import { TRPCClientError, type TRPCLink } from '@trpc/client'
import type { TransformerOptions } from '@trpc/client/unstable-internals'
import type { AnyRouter } from '@trpc/server'
import type { ToClientError } from './wire/call-observable.ts'
import { createTerminatingLink, type LinkOptions } from './wire/terminating-link.ts'

/** `transformer` is required exactly when the router has one. */
export type WxLinkOptions<TRouter extends AnyRouter> = LinkOptions &
  TransformerOptions<TRouter['_def']['_config']['$types']>

const toTRPCClientError: ToClientError = (cause, meta) =>
  TRPCClientError.from(cause, meta ? { meta } : {})

/**
 * A terminating tRPC link over `wx.request`, for `createTRPCClient`. A call rejects with a
 * TRPCClientError; when the server has not sent it, its `cause` is a `WxLinkError`, which
 * `linkError(error)` finds.
 *
 * @see https://trpc.io/docs/client/links#the-terminating-link
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/network/request/wx.request.html
 *
 * @example
 * ```ts
 * import { installAbortController, wxLink } from '@mianmi/wx-link'
 * import { createTRPCClient } from '@trpc/client'
 *
 * installAbortController()
 *
 * const api = createTRPCClient<AppRouter>({
 *   links: [wxLink({ url: 'https://example.com/trpc', request: wx.request })],
 * })
 * const greeting = await api.greet.query({ name: '小明' })
 * ```
 */
export function wxLink<TRouter extends AnyRouter>(
  options: WxLinkOptions<TRouter>,
): TRPCLink<TRouter> {
  return createTerminatingLink(options, toTRPCClientError) as TRPCLink<TRouter>
}
