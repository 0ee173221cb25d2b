import type { Operation, TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { observable, type Unsubscribable } from '@trpc/server/observable'
import type { Session } from './session/session.ts'

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
export function sessionLink(session: Pick<Session<unknown>, 'authorized'>): TRPCLink<AnyRouter> {
  return () =>
    ({ op, next }) => {
      if (op.context['public'] === true) return next(op)
      return observable((observer) => {
        let subscription: Unsubscribable | null = null
        let abortError: Error | null = null
        let closed = false
        // The client wraps it in an error of its own class, as the cause.
        const fail = (error: unknown) => observer.error(error as never)
        // While the call is sent, the next link watches the signal.
        const { watch, unwatch } = watchSignal(op, () => {
          abortError = new Error('The call was aborted')
          abortError.name = 'AbortError'
          fail(abortError)
        })
        const send = (accessToken: string) =>
          new Promise<void>((resolve, reject) => {
            unwatch()
            if (closed || abortError) return reject(abortError)
            subscription = next(withToken(op, accessToken)).subscribe({
              next: (envelope) => observer.next(envelope),
              complete() {
                observer.complete()
                resolve()
              },
              error(error) {
                watch()
                reject(error)
              },
            })
          })
        watch()
        // A subscription stays open.
        const options = op.type === 'subscription' ? { timeout: Number.POSITIVE_INFINITY } : {}
        session.authorized(send, options).catch(fail)
        return () => {
          closed = true
          unwatch()
          subscription?.unsubscribe()
        }
      }) as never
    }
}

function withToken(op: Operation, accessToken: string): Operation {
  const authorization = accessToken && { authorization: `Bearer ${accessToken}` }
  const headers = Object.assign({}, op.context['headers'], authorization)
  return Object.assign({}, op, { context: Object.assign({}, op.context, { headers }) })
}

/** Without the DOM library the type `AbortSignal` is `any`. */
interface SignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

function watchSignal(op: Operation, abort: () => void): { watch(): void; unwatch(): void } {
  const signal: SignalLike | null | undefined = op.signal
  return {
    watch() {
      if (signal?.aborted) abort()
      else signal?.addEventListener('abort', abort)
    },
    unwatch: () => signal?.removeEventListener('abort', abort),
  }
}
