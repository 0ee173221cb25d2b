import type { TRPCClientErrorLike } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import type { ToError } from './wire/terminal.ts'

interface ErrorDetails {
  cause?: unknown
  shape?: { message: string; data?: unknown }
  meta?: Record<string, unknown> | undefined
}

/**
 * What a TRPCClientError is, without the 3 KB that come with the class: the same name and fields,
 * so whoever reads `data`, `shape`, `meta` or `cause` sees no difference. Test for either with
 * {@link isClientError}; `instanceof TRPCClientError` is false.
 */
export class WxClientError extends Error {
  declare readonly cause: unknown
  /** The error as the server's formatter has shaped it. */
  declare readonly shape: ErrorDetails['shape']
  /** The shape's `data`: code, status, and what the router adds. */
  declare readonly data: unknown
  declare readonly meta: ErrorDetails['meta']

  constructor(message: string, { cause, shape, meta }: ErrorDetails) {
    super(message)
    this.name = 'TRPCClientError'
    this.cause = cause
    this.shape = shape
    this.data = shape?.data
    this.meta = meta
  }
}

/** An error of a client, in whatever was thrown: a TRPCClientError or a WxClientError. */
export function isClientError<TRouter extends AnyRouter>(
  error: unknown,
): error is Error & TRPCClientErrorLike<TRouter> & { meta?: Record<string, unknown> } {
  return error instanceof Error && error.name === 'TRPCClientError'
}

export const toClientError: ToError = (cause, { meta } = {}) => {
  if (isClientError(cause)) return cause
  if (cause instanceof Error) return new WxClientError(cause.message, { cause, meta })
  const shape = cause?.error as ErrorDetails['shape']
  return shape
    ? new WxClientError(shape.message, { shape, meta })
    : new WxClientError(String(cause), { cause, meta })
}
