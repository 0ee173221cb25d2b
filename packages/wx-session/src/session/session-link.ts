import type { Operation, TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { observable, type Unsubscribable } from '@trpc/server/observable'
import type { CallScope } from './call-scope.ts'
import type { Ledger } from './ledger.ts'
import { NotSignedInError, type Tokens } from './session-state.ts'

export interface SessionLinkOptions {
  ledger: Ledger<unknown>
  scope: CallScope
  isUnauthenticated(error: unknown): boolean
  /** Resolves when it is known whether there are tokens. */
  ready(): Promise<void>
  renew(refusedAccessToken: string): Promise<void>
}

type Link = ReturnType<TRPCLink<AnyRouter>>

/** A link that makes calls wait for the sign-in, gives them the access token, and replays once. */
export function createSessionLink(options: SessionLinkOptions): TRPCLink<AnyRouter> {
  return () => (call) => {
    const { op, next } = call
    const scope = options.scope.current
    if (scope === 'public' || op.context['public'] === true) return next(op)
    if (scope) return next(withToken(op, scope.leavingWith))
    return signedCall(call, options)
  }
}

function signedCall({ op, next }: Parameters<Link>[0], options: SessionLinkOptions) {
  return observable((observer) => {
    // The client makes it the cause of an error of its own kind.
    const fail = (error: unknown) => observer.error(error as never)
    let running: Unsubscribable | null = null
    let closed = false
    let stopWaiting = () => {}

    const waitFor = async (work: Promise<void>) => {
      stopWaiting = onAbort(op, fail)
      try {
        await work
      } finally {
        stopWaiting()
      }
    }
    const send = (tokens: Tokens, refused: (refusal: unknown) => void) => {
      if (closed) return
      running = next(withToken(op, tokens)).subscribe({
        next: (envelope) => observer.next(envelope),
        complete: () => observer.complete(),
        error: (error) =>
          options.isUnauthenticated(error) ? refused(error) : observer.error(error),
      })
    }
    const replay = async (refusal: unknown, sent: Tokens, epoch: number) => {
      const { ledger, renew } = options
      if (ledger.epoch === epoch) await waitFor(renew(sent.accessToken))
      const tokens = heldTokens(ledger)
      // After a decision it may be somebody else who is signed in: their call it was not.
      if (ledger.epoch !== epoch) throw refusal
      send(tokens, fail)
    }
    const start = async () => {
      await waitFor(options.ready())
      // Read when they are sent, not before: the wait may end a turn later than a decision.
      const { epoch } = options.ledger
      const tokens = heldTokens(options.ledger)
      send(tokens, (refusal) => replay(refusal, tokens, epoch).catch(fail))
    }
    start().catch(fail)

    return () => {
      closed = true
      stopWaiting()
      running?.unsubscribe()
    }
  }) as ReturnType<Link>
}

function heldTokens({ state, tokens }: Ledger<unknown>): Tokens {
  if (tokens) return tokens
  throw state.status === 'offline' ? state.error : new NotSignedInError(state)
}

function withToken(op: Operation, { accessToken }: Tokens): Operation {
  const authorization = { authorization: `Bearer ${accessToken}` }
  const headers = Object.assign({}, op.context['headers'], authorization)
  return Object.assign({}, op, { context: Object.assign({}, op.context, { headers }) })
}

interface SignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Lets a call be aborted that no other link has seen yet. */
function onAbort(op: Operation, fail: (error: unknown) => void): () => void {
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
