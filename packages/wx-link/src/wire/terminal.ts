import type { Operation, TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { observable } from '@trpc/server/observable'
import { type Call, createBatcher, dropCall } from './batch.ts'
import { contextHeaders, encodeInput } from './encode.ts'
import { readReply, type Seat } from './reply.ts'
import { type SendOptions, sendGroup } from './send.ts'
import { createTransformer, type Transformer } from './transformer.ts'
import { abortedError, type LinkResponse } from './wx-request.ts'

export interface LinkOptions {
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
}

/** In the context of a result and the `meta` of an error: what the phone told about the reply. */
export interface WxLinkMeta extends Record<string, unknown> {
  response: Pick<LinkResponse, 'statusCode' | 'header'>
}

/** Makes the error of a call from what the server has sent, or from what went wrong on the way. */
export type ToError = (cause: Error | { error: unknown }, opts?: { meta?: WxLinkMeta }) => unknown

/** A terminating link whose errors are of the caller's kind. */
export function createTerminal(
  options: LinkOptions & { transformer?: unknown },
  toError: ToError,
): TRPCLink<AnyRouter> {
  const transformer = createTransformer(
    options.transformer as Parameters<typeof createTransformer>[0],
  )
  const { url, batch = { maxItems: 10 }, maxUrlLength = 2000 } = options
  return () => {
    const send = (group: Parameters<typeof sendGroup>[0]) => sendGroup(group, options)
    const enqueue = batch
      ? createBatcher({ url, maxItems: batch.maxItems, maxUrlLength }, send)
      : (call: Call) => send({ type: call.type, headers: call.headers, calls: [call] })

    return ({ op }) =>
      observable((observer) => {
        const fail = (cause: unknown, meta?: WxLinkMeta) =>
          observer.error(toError(cause as Error, meta ? { meta } : {}) as never)
        const call = attempt(() => started(op, transformer.input), fail)
        if (!call) return
        enqueue(
          Object.assign(call, {
            fail,
            receive(response: LinkResponse, seat: Seat) {
              const { statusCode, header } = response
              const context: WxLinkMeta = { response: { statusCode, header } }
              const read = () => readReply(response, seat, transformer.output)
              const reply = attempt(read, (error) => fail(error, context))
              if (!reply) return
              if ('error' in reply) return fail(reply, context)
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

function started(op: Operation, input: Transformer['input']): StartedCall {
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
