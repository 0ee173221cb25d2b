import type { Operation, TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { fieldsOf, merge, namedError } from './session/fields.ts'
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
export const sessionLink =
  (session: Pick<Session<unknown>, 'authorized'>): TRPCLink<AnyRouter> =>
  () =>
  ({ op, next }) => {
    if (op.context['public'] === true) return next(op)
    const signal: SignalLike | null | undefined = op.signal
    // An observable. Instead of the `observable` of `@trpc/server`, so that it also ends with the caller's abort in less
    // code.
    return {
      subscribe(observer: Listeners) {
        let isOver = false
        let subscription: ReturnType<LinkObservable['subscribe']> | undefined
        /** Tells the observer, until the call has ended: each event but `next` ends it. No observer hears the event ''. */
        const notify = (event: 'next' | 'error' | 'complete' | '', value?: unknown) => {
          if (isOver) return
          if (event !== 'next') {
            isOver = true
            if (signal) signal.removeEventListener('abort', abort)
            if (subscription) subscription.unsubscribe()
          }
          if (observer[event]) observer[event](value)
        }
        // The client wraps it in an error of its own class, as the cause.
        const fail = (error: unknown) => notify('error', error)
        const abort = () => fail(namedError('AbortError', 'The call was aborted'))
        const send = (accessToken: string) =>
          new Promise<void>((resolve, reject) => {
            if (isOver) return reject()
            const sent = merge(op, {
              context: merge(op.context, {
                headers: withToken(op.context['headers'] as object | undefined, accessToken),
              }),
            })
            subscription = (next as NextLink)(sent).subscribe({
              next: (envelope) => notify('next', envelope),
              error: reject,
              complete() {
                notify('complete')
                resolve()
              },
            })
          })
        if (signal) signal.addEventListener('abort', abort)
        if (fieldsOf(signal)['aborted']) abort()
        else
          session
            // A subscription stays open.
            .authorized(
              send,
              op.type === 'subscription' ? { timeout: Number.POSITIVE_INFINITY } : {},
            )
            .catch(fail)
        return { unsubscribe: () => notify('') }
      },
      pipe(this: unknown, ...operators: ((source: unknown) => unknown)[]) {
        return operators.reduce((source, operator) => operator(source), this)
      },
    } as unknown as LinkObservable
  }

type LinkObservable = ReturnType<ReturnType<TRPCLink<AnyRouter>>>
type Listeners = Record<string, ((value: unknown) => void) | undefined>
type NextLink = (op: Operation) => LinkObservable

/** Without the DOM library the type `AbortSignal` is `any`. */
interface SignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}
