import type { SessionState, Tokens, Unbound } from './session-state.ts'
import type { SessionStorage, StoredSession } from './session-storage.ts'

/** The result of a sign-in or of a decision, with the tokens that the public state does not show. */
export type SessionOutcome<U> =
  | { status: 'signedIn'; tokens: Tokens; user: U }
  | Unbound
  | { status: 'signedOut' }
  | { status: 'offline'; error: unknown }

/**
 * The session's state and its epoch. A decision (the person signs out, or has bound an account) and a change of the
 * user start a new epoch. A result that was requested in an earlier epoch is dropped, so a late reply never overrides
 * a newer decision, and a call that was made in an earlier epoch is not sent.
 */
export interface SessionStateStore<U> {
  readonly state: SessionState<U>
  readonly tokens: Tokens | null
  readonly epoch: number
  /** Starts a new epoch with this outcome. */
  decide(outcome: SessionOutcome<U>): void
  /** Applies an outcome that was requested in the given epoch, if that epoch is still current. */
  record(epoch: number, outcome: SessionOutcome<U>): void
  /** Applies what an earlier run or another context has stored. Stores nothing. */
  adopt(outcome: SessionOutcome<U>): void
  /** Has no effect without tokens. */
  updateUser(user: U): void
  /** Returns the function that unsubscribes. */
  subscribe(listener: (state: SessionState<U>) => void): () => void
  /** Returns the function that unsubscribes. */
  onDecision(listener: () => void): () => void
}

/**
 * @param persist stores the content for the next run; null stands for no content
 * @param isSameUser whether two replies are about one user
 */
export function createSessionStateStore<U>(
  persist: SessionStorage<U>['write'],
  isSameUser: (a: U, b: U) => boolean,
): SessionStateStore<U> {
  const stateListeners = new Set<(state: SessionState<U>) => void>()
  const decisionListeners = new Set<() => void>()
  let state: SessionState<U> = { status: 'starting' }
  let tokens: Tokens | null = null
  let epoch = 0

  const apply = (outcome: SessionOutcome<U>) => {
    tokens = outcome.status === 'signedIn' ? outcome.tokens : null
    const next = toSessionState(outcome)
    // A refresh changes the tokens only, which the state does not show.
    const isShown =
      next.status === 'signedIn'
        ? state.status === 'signedIn' && state.user === next.user
        : next.status === 'signedOut' && state.status === next.status
    if (isShown) return
    state = next
    notify(stateListeners, (listener) => {
      // A listener may have changed the state: the others have then got the newer one.
      if (state === next) listener(next)
    })
  }
  const applyInNewEpoch = (outcome: SessionOutcome<U>) => {
    epoch += 1
    // First, because a listener of the state may start work in the new epoch, which this decision must not end.
    notify(decisionListeners, (listener) => listener())
    apply(outcome)
  }
  const store = (outcome: SessionOutcome<U>, isDecision = false) => {
    if (outcome.status !== 'offline') persist(toStoredSession(outcome), isDecision)
  }
  /** Calls that were made for one user must not be sent for another one, also where nobody was signed in between. */
  const applyAndSeparate = (outcome: SessionOutcome<U>) => {
    const isSeparate =
      state.status === 'signedIn' &&
      !(
        outcome.status === 'signedIn' &&
        (state.user === outcome.user || isSameUser(state.user, outcome.user))
      )
    if (isSeparate) applyInNewEpoch(outcome)
    else apply(outcome)
  }

  return {
    get state() {
      return state
    },
    get tokens() {
      return tokens
    },
    get epoch() {
      return epoch
    },
    decide(outcome) {
      store(outcome, true)
      applyInNewEpoch(outcome)
    },
    record(requestedIn, outcome) {
      if (requestedIn !== epoch) return
      store(outcome)
      applyAndSeparate(outcome)
    },
    adopt: applyAndSeparate,
    updateUser(user) {
      if (!tokens) return
      const outcome = { status: 'signedIn', tokens, user } as const
      store(outcome)
      apply(outcome)
    },
    // Wrapped: a function that subscribes twice is called twice, until each one unsubscribes.
    subscribe: (listener) => addListener(stateListeners, (next) => listener(next)),
    onDecision: (listener) => addListener(decisionListeners, () => listener()),
  }
}

function addListener<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function notify<T>(listeners: Set<T>, call: (listener: T) => void): void {
  for (const listener of [...listeners]) {
    // An earlier listener may have removed this one.
    if (!listeners.has(listener)) continue
    try {
      call(listener)
    } catch (error) {
      // Reported later: an error of one page must not stop the session or the other pages.
      setTimeout(() => {
        throw error
      })
    }
  }
}

function toStoredSession<U>(outcome: SessionOutcome<U>): StoredSession<U> | null {
  if (outcome.status === 'signedIn') return { tokens: outcome.tokens, user: outcome.user }
  return outcome.status === 'signedOut' ? { signedOut: true } : null
}

function toSessionState<U>(outcome: SessionOutcome<U>): SessionState<U> {
  switch (outcome.status) {
    case 'signedIn':
      return { status: 'signedIn', user: outcome.user }
    case 'unbound':
      return {
        status: 'unbound',
        ticket: outcome.ticket,
        ticketExpiresAt: outcome.ticketExpiresAt,
      }
    default:
      return outcome
  }
}
