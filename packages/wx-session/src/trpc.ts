import type { Operation, TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { observable, type Unsubscribable } from '@trpc/server/observable'
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
export function sessionLink(session: Pick<Session<unknown>, 'authorized'>): TRPCLink<AnyRouter> {
  return () =>
    ({ op, next }) => {
      if (op.context['public'] === true) return next(op)
      return observable((observer) => {
        let subscription: Unsubscribable | null = null
        let isOver = false
        // The client wraps it in an error of its own class, as the cause.
        const fail = (error: unknown) => observer.error(error as never)
        const signal: SignalLike | null | undefined = op.signal
        const abort = () =>
          fail(Object.assign(new Error('The call was aborted'), { name: 'AbortError' }))
        if (signal?.aborted) return abort()
        signal?.addEventListener('abort', abort)
        const send = (accessToken: string) =>
          new Promise<void>((resolve, reject) => {
            if (isOver) return reject()
            subscription = next(authorize(op, accessToken)).subscribe({
              next: (envelope) => observer.next(envelope),
              complete() {
                observer.complete()
                resolve()
              },
              error: reject,
            })
          })
        // A subscription stays open.
        const options = op.type === 'subscription' ? { timeout: Number.POSITIVE_INFINITY } : {}
        session.authorized(send, options).catch(fail)
        return () => {
          isOver = true
          signal?.removeEventListener('abort', abort)
          subscription?.unsubscribe()
        }
      }) as never
    }
}

function authorize(op: Operation, accessToken: string): Operation {
  const headers = withToken(op.context['headers'] as object | undefined, accessToken)
  return Object.assign({}, op, { context: Object.assign({}, op.context, { headers }) })
}

/** Without the DOM library the type `AbortSignal` is `any`. */
interface SignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}
