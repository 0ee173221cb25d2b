import type { TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { createBatcher } from './batch.ts'
import { callObservable, type ToClientError } from './call-observable.ts'
import { encodeInput, mergeHeaders } from './encode-request.ts'
import { assign } from './fields.ts'
import type { SendOptions } from './send-group.ts'
import type { CombinedTransformer, DataTransformer } from './transformer.ts'

/** The options of `wxLink` that do not depend on the router. */
export interface LinkOptions {
  /** Address of the tRPC router, for example `https://example.com/trpc`. */
  url: string
  /** `wx.request`, `Taro.request` or `uni.request`. */
  request: SendOptions['request']
  /**
   * Headers of every request. A function is called once for each request. Headers in
   * `op.context.headers` override these.
   */
  headers?: NonNullable<SendOptions['headers']>
  /** How many calls of one tick share a request; false: one request for each call. Default 10. */
  batch?: { maxItems: number } | false
  /** Characters. A batch of queries is split before its address gets longer. Default 2,000. */
  maxURLLength?: number
  /**
   * `POST`: a single query whose address would be longer than `maxURLLength` is sent by POST. The server must allow it
   * (`allowMethodOverride` of tRPC's adapters). Default: it is sent by GET all the same.
   */
  methodOverride?: 'POST' | undefined
  /** Milliseconds for one request. WeChat's default is 60,000. */
  timeout?: number
}

/** A terminating link (https://trpc.io/docs/client/links) that reports errors as `toError` makes them. */
export const createTerminatingLink = (
  options: LinkOptions & { transformer?: unknown },
  toError: ToClientError,
): TRPCLink<AnyRouter> => {
  const none: DataTransformer = { serialize: (value) => value, deserialize: (value) => value }
  const transformer = (options.transformer || none) as DataTransformer
  // A router has one for both directions, or one for each direction.
  const { input = transformer, output = transformer } = transformer as Partial<CombinedTransformer>
  return () => {
    const enqueue = createBatcher(options, output)
    return ({ op }) =>
      callObservable(
        toError,
        (call) =>
          enqueue(
            assign(call, {
              op,
              input: encodeInput(op, input),
              headers: mergeHeaders(op.context['headers'] as object | undefined),
            }),
          ),
        op.signal,
      )
  }
}
