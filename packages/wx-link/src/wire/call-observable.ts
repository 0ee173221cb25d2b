import type { TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { fieldsOf } from './fields.ts'
import { toLinkError } from './link-error.ts'
import type { WxLinkMeta } from './wx-request.ts'

type LinkObservable = ReturnType<ReturnType<TRPCLink<AnyRouter>>>
type LinkObserver = Parameters<LinkObservable['subscribe']>[0]
export type LinkResult = Parameters<NonNullable<LinkObserver['next']>>[0]

/** Makes a client's error from what the server has sent, or from an error of the link. */
export type ToClientError = (cause: Error | { error: unknown }, meta?: WxLinkMeta) => unknown

/** A call that has not ended. It ends once: what comes later, or after the caller has cancelled it, is ignored. */
export interface OpenCall {
  /** Ends the call with its only result. */
  success(result: LinkResult): void
  /** Ends the call with what the server has sent, or with an error of the link. */
  fail(cause: unknown, meta?: WxLinkMeta): void
  /** The caller no longer wants the reply. Set by what sends the call. */
  abort(): void
}

/** Without the DOM library the type `AbortSignal` is `any`. */
interface SignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/**
 * A call as an observable, which is what a link returns (https://trpc.io/docs/client/links). Instead of the
 * `observable` of `@trpc/server`, which has more code because it is for any number of results.
 */
export const callObservable = (
  toError: ToClientError,
  send: (call: OpenCall) => void,
  signal: SignalLike | null | undefined,
): LinkObservable => {
  return {
    subscribe(observer: LinkObserver) {
      let isOver = false
      const end = (notify: () => void) => {
        if (isOver) return
        isOver = true
        if (signal) signal.removeEventListener('abort', abort)
        notify()
      }
      const notify = (event: 'next' | 'error' | 'complete', value?: unknown) => {
        if (observer[event]) observer[event](value as never)
      }
      const notifyError = (cause: unknown, meta?: WxLinkMeta) =>
        notify('error', toError(cause as Error, meta))
      const abort = () => {
        call.fail(toLinkError('The call was aborted'))
        call.abort()
      }
      const call: OpenCall = {
        success: (result) =>
          end(() => {
            try {
              notify('next', result)
              notify('complete')
            } catch (error) {
              // A link above has thrown while it handled the result.
              notifyError(error)
            }
          }),
        fail: (cause, meta) => end(() => notifyError(cause, meta)),
        abort() {},
      }
      try {
        if (signal) signal.addEventListener('abort', abort)
        if (fieldsOf(signal)['aborted']) abort()
        else send(call)
      } catch (error) {
        call.fail(error)
      }
      return { unsubscribe: () => end(call.abort) }
    },
    pipe(this: unknown, ...operators: ((source: unknown) => unknown)[]) {
      return operators.reduce((source, operator) => operator(source), this)
    },
  } as unknown as LinkObservable
}
