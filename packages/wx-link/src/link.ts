import { TRPCClientError, type TRPCLink } from '@trpc/client'
import type { TransformerOptions } from '@trpc/client/unstable-internals'
import type { AnyRouter } from '@trpc/server'
import { createTerminal, type LinkOptions, type ToError } from './wire/terminal.ts'

export type WxLinkOptions<TRouter extends AnyRouter> = LinkOptions &
  TransformerOptions<TRouter['_def']['_config']['$types']>

const toTRPCClientError: ToError = (cause, opts) => TRPCClientError.from(cause, opts)

/**
 * A terminating tRPC link over `wx.request`, for `createTRPCClient`. Its own failures are a
 * `WxLinkError`, the `cause` of the TRPCClientError: see `linkError`.
 */
export function wxLink<TRouter extends AnyRouter>(
  options: WxLinkOptions<TRouter>,
): TRPCLink<TRouter> {
  return createTerminal(options, toTRPCClientError) as TRPCLink<TRouter>
}
