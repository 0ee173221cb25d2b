import type { Operation, TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { observable } from '@trpc/server/observable'
import { cancelCall, createBatcher, type PendingCall } from './batch.ts'
import { contextHeaders, encodeInput } from './encode-request.ts'
import { abortedError } from './link-error.ts'
import { type BatchPosition, readReply } from './read-reply.ts'
import { type SendOptions, sendGroup } from './send-group.ts'
import { combineTransformers, type DataTransformer } from './transformer.ts'
import type { LinkResponse } from './wx-request.ts'

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

/** In the context of a result and in the `meta` of an error: the response of the call's request. */
export interface WxLinkMeta extends Record<string, unknown> {
  /** HTTP status, and the headers with their names in lower case. */
  response: Pick<LinkResponse, 'statusCode' | 'header'>
}

/** Makes a client's error from what the server has sent, or from an error of the link. */
export type ToClientError = (
  cause: Error | { error: unknown },
  opts?: { meta?: WxLinkMeta },
) => unknown

/** A terminating link (https://trpc.io/docs/client/links) that reports errors as `toError` makes them. */
export function createTerminatingLink(
  options: LinkOptions & { transformer?: unknown },
  toError: ToClientError,
): TRPCLink<AnyRouter> {
  const transformer = combineTransformers(
    options.transformer as Parameters<typeof combineTransformers>[0],
  )
  const { url, batch = { maxItems: 10 }, maxURLLength = 2000 } = options
  return () => {
    const limits = { url, maxURLLength, maxItems: batch ? batch.maxItems : 1 }
    const enqueue = createBatcher(limits, (group) => sendGroup(group, options))

    return ({ op }) =>
      observable((observer) => {
        const fail = (cause: unknown, meta?: WxLinkMeta) =>
          observer.error(toError(cause as Error, meta ? { meta } : {}) as never)
        let call: PreparedCall
        try {
          call = prepareCall(op, transformer.input)
        } catch (error) {
          return fail(error)
        }
        enqueue(
          Object.assign(call, {
            fail,
            receive(response: LinkResponse, position: BatchPosition) {
              const { statusCode, header } = response
              const context: WxLinkMeta = { response: { statusCode, header } }
              const reply = readReply(response, position, transformer.output)
              if (!('data' in reply)) return fail(reply, context)
              observer.next({ context, result: { type: 'data', data: reply.data } })
              observer.complete()
            },
          }),
        )
        const signal: SignalLike | null | undefined = op.signal
        const abort = () => fail(abortedError())
        signal?.addEventListener('abort', abort)
        return () => {
          signal?.removeEventListener('abort', abort)
          cancelCall(call)
        }
      })
  }
}

/** Without the DOM library the type `AbortSignal` is `any`. */
interface SignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

type PreparedCall = Omit<PendingCall, 'fail' | 'receive'>

function prepareCall(op: Operation, transformer: DataTransformer): PreparedCall {
  if (op.type === 'subscription') {
    throw new TypeError('wxLink carries queries and mutations, no subscriptions')
  }
  const signal: SignalLike | null | undefined = op.signal
  if (signal?.aborted) throw abortedError()
  const headers = contextHeaders(op.context)
  const input = encodeInput(op.input, transformer)
  return { op, input, headers, cancelled: false, request: null }
}
