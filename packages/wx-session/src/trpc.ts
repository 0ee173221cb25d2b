import type { Operation, TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { fieldsOf, ignore, merge, namedError } from './session/fields.ts'
import type { Session } from './session/session.ts'
import { withToken } from './session/with-token.ts'

/**
 * A tRPC link for the place before the terminating link. Each call waits for the launch, has the access token in
 * `op.context.headers`, and is repeated once where the server has rejected the token. A call with
 * `context: { public: true }` passes unchanged.
 *
 * @see https://trpc.io/docs/client/links
 *
 * @example
 * ```ts
 * import { createWxClient, wxLink } from '@mianmi/wx-link/client'
 * import { sessionLink } from '@mianmi/wx-session/trpc'
 *
 * const link = wxLink<AppRouter>({ url: 'https://example.com/trpc', request: wx.request })
 * export const api = createWxClient<AppRouter>({ links: [sessionLink(session), link] })
 * ```
 */
export const sessionLink = (session: Pick<Session<unknown>, 'authorized'>): TRPCLink<AnyRouter> => {
  return () =>
    ({ op, next }) =>
      op.context['public'] === true ? next(op) : observeCall(session, op, next as NextLink)
}

type LinkObservable = ReturnType<ReturnType<TRPCLink<AnyRouter>>>
type LinkObserver = Parameters<LinkObservable['subscribe']>[0]
type NextLink = (op: Operation) => LinkObservable

/**
 * A call as an observable, which is what a link returns. Instead of the `observable` of `@trpc/server`, so that it
 * also ends with the caller's abort in less code.
 */
const observeCall = (
  session: Pick<Session<unknown>, 'authorized'>,
  op: Operation,
  next: NextLink,
): LinkObservable => {
  const signal: SignalLike | null | undefined = op.signal
  const observable = {
    subscribe(observer: LinkObserver) {
      let isOver = false
      const end = (notify: () => void) => {
        if (isOver) return
        isOver = true
        if (signal) signal.removeEventListener('abort', abort)
        if (subscription) subscription.unsubscribe()
        notify()
      }
      // The client wraps it in an error of its own class, as the cause.
      const fail = (error: unknown) =>
        end(() => {
          if (observer.error) observer.error(error as never)
        })
      const abort = () => fail(namedError('AbortError', 'The call was aborted'))
      let subscription: ReturnType<LinkObservable['subscribe']> | undefined
      const send = (accessToken: string) =>
        new Promise<void>((resolve, reject) => {
          if (isOver) return reject()
          const headers = withToken(op.context['headers'] as object | undefined, accessToken)
          const context = merge(op.context, { headers })
          subscription = next(merge(op, { context })).subscribe({
            next(envelope) {
              if (!isOver && observer.next) observer.next(envelope)
            },
            error: reject,
            complete() {
              end(() => {
                if (observer.complete) observer.complete()
              })
              resolve()
            },
          })
        })
      // A subscription stays open.
      const options = op.type === 'subscription' ? { timeout: Number.POSITIVE_INFINITY } : {}
      if (signal) signal.addEventListener('abort', abort)
      if (fieldsOf(signal)['aborted']) abort()
      else session.authorized(send, options).catch(fail)
      return { unsubscribe: () => end(ignore) }
    },
    pipe: (...operators: ((source: unknown) => unknown)[]) =>
      operators.reduce((source, operator) => operator(source), observable as unknown),
  }
  return observable as unknown as LinkObservable
}

/** Without the DOM library the type `AbortSignal` is `any`. */
interface SignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}
