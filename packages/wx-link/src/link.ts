import { type Operation, TRPCClientError, type TRPCLink } from '@trpc/client'
import { getTransformer, type TransformerOptions } from '@trpc/client/unstable-internals'
import type { AnyRouter } from '@trpc/server'
import { observable } from '@trpc/server/observable'
import { type Call, createBatcher, dropCall } from './batch.ts'
import { contextHeaders, encodeInput, type Serializer } from './encode.ts'
import { readReply, type Seat } from './reply.ts'
import { type SendOptions, sendGroup } from './send.ts'
import { abortedError, type LinkResponse } from './wx-request.ts'

export type WxLinkOptions<TRouter extends AnyRouter> = {
  /** Where tRPC is served, for example `https://example.com/trpc`. */
  url: string
  /** `wx.request` or its like. */
  request: SendOptions['request']
  /** Sent with every request; a function is asked for each. `op.context.headers` win over them. */
  headers?: NonNullable<SendOptions['headers']>
  /** How many calls of one tick may share a request; false sends each by itself. Default 10. */
  batch?: { maxItems: number } | false
  /** Queries are spread over more requests where an address would be longer. Default 2,000. */
  maxUrlLength?: number
  /** Milliseconds for one request; WeChat's default is 60,000. */
  timeout?: number
} & TransformerOptions<TRouter['_def']['_config']['$types']>

/** In the context of a result and the `meta` of an error: what the phone told about the reply. */
export interface WxLinkMeta extends Record<string, unknown> {
  response: Pick<LinkResponse, 'statusCode' | 'header'>
}

/**
 * A terminating tRPC link over `wx.request`. Its own failures are a `WxLinkError`, the `cause`
 * of the TRPCClientError: see `linkError`.
 */
export function wxLink<TRouter extends AnyRouter>(
  options: WxLinkOptions<TRouter>,
): TRPCLink<TRouter> {
  const transformer = getTransformer(options.transformer)
  const { url, batch = { maxItems: 10 }, maxUrlLength = 2000 } = options
  return () => {
    const send = (group: Parameters<typeof sendGroup>[0]) => sendGroup(group, options)
    const enqueue = batch
      ? createBatcher({ url, maxItems: batch.maxItems, maxUrlLength }, send)
      : (call: Call) => send({ type: call.type, headers: call.headers, calls: [call] })

    return ({ op }) =>
      observable((observer) => {
        const fail = (error: unknown, meta?: WxLinkMeta) =>
          observer.error(TRPCClientError.from<TRouter>(error as Error, meta ? { meta } : {}))
        const call = attempt(() => started(op, transformer.input), fail)
        if (!call) return
        enqueue(
          Object.assign(call, {
            fail,
            receive(response: LinkResponse, seat: Seat) {
              const context: WxLinkMeta = {
                response: { statusCode: response.statusCode, header: response.header },
              }
              const read = () => readReply(response, seat, transformer.output)
              const result = attempt(read, (error) => fail(error, context))
              if (!result) return
              observer.next({ context, result })
              observer.complete()
            },
          }),
        )
        const signal: SignalLike | null | undefined = op.signal
        const abort = () => fail(abortedError())
        signal?.addEventListener('abort', abort)
        return () => {
          signal?.removeEventListener('abort', abort)
          dropCall(call)
        }
      })
  }
}

interface SignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

type StartedCall = Omit<Call, 'fail' | 'receive'>

function started(op: Operation, input: Serializer): StartedCall {
  if (op.type === 'subscription') {
    throw new TypeError('wxLink carries queries and mutations, no subscriptions')
  }
  const signal: SignalLike | null | undefined = op.signal
  if (signal?.aborted) throw abortedError()
  const headers = contextHeaders(op.context)
  const text = encodeInput(op.input, input)
  return { type: op.type, path: op.path, input: text, headers, dropped: false, flight: null }
}

function attempt<T>(run: () => T, fail: (error: unknown) => void): T | undefined {
  try {
    return run()
  } catch (error) {
    fail(error)
    return undefined
  }
}
