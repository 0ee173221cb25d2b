import { type Operation, TRPCClientError, type TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { observable, type Unsubscribable } from '@trpc/server/observable'
import type { CallScope } from './call-scope.ts'
import type { Ledger } from './ledger.ts'
import { NotSignedInError } from './not-signed-in.ts'
import type { Tokens } from './session-state.ts'

export interface SessionLinkOptions {
  ledger: Ledger<unknown>
  scope: CallScope
  isUnauthenticated(error: unknown): boolean
  /** The tokens to send, as soon as they are known. Rejects where there are none. */
  acquire(): Promise<Tokens>
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
    const fail = (error: unknown) => observer.error(TRPCClientError.from<AnyRouter>(error as Error))
    let running: Unsubscribable | null = null
    let closed = false
    let stopWaiting = () => {}

    const waitFor = async (tokens: Promise<Tokens>) => {
      stopWaiting = onAbort(op, fail)
      try {
        return await tokens
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
    const start = async () => {
      const used = await waitFor(options.acquire())
      const { epoch } = options.ledger
      send(used, (refusal) => {
        waitFor(renewed(options, { used, epoch, refusal }))
          .then((tokens) => send(tokens, fail))
          .catch(fail)
      })
    }
    start().catch(fail)

    return () => {
      closed = true
      stopWaiting()
      running?.unsubscribe()
    }
  }) as ReturnType<Link>
}

interface RefusedCall {
  used: Tokens
  epoch: number
  refusal: unknown
}

/** The tokens to replay a refused call with. Rejects where it must not be replayed. */
async function renewed(
  { ledger, renew }: SessionLinkOptions,
  { used, epoch, refusal }: RefusedCall,
): Promise<Tokens> {
  if (ledger.epoch === epoch) await renew(used.accessToken)
  const { tokens, state } = ledger
  if (!tokens) throw new NotSignedInError(state)
  // After a decision it may be somebody else who is signed in: their call it was not.
  if (ledger.epoch !== epoch) throw refusal
  return tokens
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
