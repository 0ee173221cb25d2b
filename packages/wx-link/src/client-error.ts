import type { TRPCClientErrorLike } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import type { ToClientError } from './wire/call-observable.ts'
import { assign, fieldsOf } from './wire/fields.ts'

interface ClientErrorDetails {
  cause?: unknown
  shape?: { message: string; data?: unknown }
  meta?: Record<string, unknown> | undefined
}

/**
 * A TRPCClientError without the 3 KB of its class: same `name`, `data`, `shape`, `meta` and
 * `cause`. `instanceof TRPCClientError` is false; use {@link isClientError}, which accepts both.
 */
export class WxClientError extends Error {
  /** The error of the link, for example a WxLinkError; undefined when the server has sent the error. */
  declare readonly cause: unknown
  /** The error as the server's error formatter has written it. */
  declare readonly shape: ClientErrorDetails['shape']
  /** The shape's `data`: `code`, `httpStatus` and the fields that the router adds. */
  declare readonly data: unknown
  /** What the link adds: see `WxLinkMeta`. */
  declare readonly meta: ClientErrorDetails['meta']

  constructor(message: string, details: ClientErrorDetails) {
    super(message)
    assign(this, details, {
      name: 'TRPCClientError',
      data: fieldsOf(details.shape)['data'],
    })
  }
}

/** Whether a thrown value is a client's error: a TRPCClientError or a WxClientError. */
export const isClientError = <TRouter extends AnyRouter>(
  error: unknown,
): error is Error & TRPCClientErrorLike<TRouter> & { meta?: Record<string, unknown> } => {
  return error instanceof Error && error.name === 'TRPCClientError'
}

export const toClientError: ToClientError = (cause, meta) => {
  if (isClientError(cause)) return cause
  const shape = cause instanceof Error ? undefined : fieldsOf(cause)['error']
  const { message = String(cause) } = fieldsOf(shape || cause)
  const details = { cause: shape ? undefined : cause, shape, meta }
  return new WxClientError(message as string, details as ClientErrorDetails)
}
