import type { Operation, TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { observable, type Unsubscribable } from '@trpc/server/observable'
import type { CallScope } from './call-scope.ts'
import type { SignInFlow } from './sign-in.ts'
import { NotSignedInError, type Tokens } from './state/session-state.ts'
import type { SessionStateStore } from './state/session-state-store.ts'

/** The parts of a session that its link uses. */
export interface SessionLinkParts {
  stateStore: SessionStateStore<unknown>
  scope: CallScope
  signInFlow: Pick<SignInFlow, 'renew'>
  isUnauthenticated(error: unknown): boolean
}

type OperationLink = ReturnType<TRPCLink<AnyRouter>>

/**
 * A link that makes calls wait for the sign-in, adds the access token, and replays a call once.
 *
 * @param ready resolves when the launch, or the sign-in that a call has to wait for, has finished
 */
export function createSessionLink(
  parts: SessionLinkParts,
  ready: () => Promise<void>,
): TRPCLink<AnyRouter> {
  return () => (call) => {
    const { op, next } = call
    const { mode } = parts.scope
    if (mode === 'public' || op.context['public'] === true) return next(op)
    if (mode) return next(withToken(op, mode.tokens))
    return authorizedCall(call, parts, ready)
  }
}

function authorizedCall(
  { op, next }: Parameters<OperationLink>[0],
  { stateStore, signInFlow, isUnauthenticated }: SessionLinkParts,
  ready: () => Promise<void>,
) {
  return observable((observer) => {
    // The client wraps it in an error of its own class, as the cause.
    const fail = (error: unknown) => observer.error(error as never)
    let subscription: Unsubscribable | null = null
    let closed = false
    let stopWaiting = () => {}

    const waitFor = async (work: Promise<void>) => {
      stopWaiting = failOnAbort(op, fail)
      try {
        await work
      } finally {
        stopWaiting()
      }
    }
    const send = (tokens: Tokens, onTokenRejected: (error: unknown) => void) => {
      if (closed) return
      subscription = next(withToken(op, tokens)).subscribe({
        next: (envelope) => observer.next(envelope),
        complete: () => observer.complete(),
        error: (error) =>
          isUnauthenticated(error) ? onTokenRejected(error) : observer.error(error),
      })
    }
    const replay = async (rejection: unknown, sentTokens: Tokens, epoch: number) => {
      if (stateStore.epoch === epoch) await waitFor(signInFlow.renew(sentTokens.accessToken))
      const tokens = requireTokens(stateStore)
      // After a decision another person may be signed in: the call must not run in their name.
      if (stateStore.epoch !== epoch) throw rejection
      send(tokens, fail)
    }
    const start = async () => {
      await waitFor(ready())
      // Read directly before sending: `ready` may resolve one turn after a decision.
      const { epoch } = stateStore
      const tokens = requireTokens(stateStore)
      send(tokens, (rejection) => replay(rejection, tokens, epoch).catch(fail))
    }
    start().catch(fail)

    return () => {
      closed = true
      stopWaiting()
      subscription?.unsubscribe()
    }
  }) as ReturnType<OperationLink>
}

function requireTokens({ state, tokens }: SessionStateStore<unknown>): Tokens {
  if (tokens) return tokens
  throw state.status === 'offline' ? state.error : new NotSignedInError(state)
}

function withToken(op: Operation, { accessToken }: Tokens): Operation {
  const authorization = { authorization: `Bearer ${accessToken}` }
  const headers = Object.assign({}, op.context['headers'], authorization)
  return Object.assign({}, op, { context: Object.assign({}, op.context, { headers }) })
}

/** Without the DOM library the type `AbortSignal` is `any`. */
interface SignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** For the time in which no other link watches the signal. Returns the function that stops watching. */
function failOnAbort(op: Operation, fail: (error: unknown) => void): () => void {
  const signal: SignalLike | null | undefined = op.signal
  const abort = () => {
    const error = new Error('The call was aborted')
    error.name = 'AbortError'
    fail(error)
  }
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort)
  return () => signal?.removeEventListener('abort', abort)
}
