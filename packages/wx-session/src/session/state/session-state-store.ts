import type { CallScope } from '../call-scope.ts'
import type { SessionState, Tokens } from './session-state.ts'
import type { SessionStorage } from './session-storage.ts'

/**
 * The session's state and its epoch. A decision (the person signs out, or has bound an account) and a change of the
 * user start a new epoch. A result that was requested in an earlier epoch is dropped, so a late reply never overrides
 * a newer decision, and a call that was made in an earlier epoch is not sent.
 */
export interface SessionStateStore<U> extends CallScope {
  readonly state: SessionState<U>
  /** Those of a session that is signed in; the public state does not show them. */
  readonly tokens: Tokens | undefined
  readonly epoch: number
  /** The epoch in which the person has asked for a sign-in that has not ended. */
  tapEpoch: number
  /** Reads what was stored last. */
  readonly read: SessionStorage<U>[0]
  /** Starts a new epoch with this state. */
  decide(state: SessionState<U>, tokens?: Tokens): void
  /** Applies a result that was requested in the given epoch, if that epoch is still current. */
  record(epoch: number, state: SessionState<U>, tokens?: Tokens): void
  /** Applies what an earlier run or another context has stored. Stores nothing. */
  adopt(state: SessionState<U>, tokens?: Tokens): void
  /** Only for a session that is signed in. */
  updateUser(user: U): void
  /** Returns the function that unsubscribes. */
  subscribe(listener: (state: SessionState<U>) => void): () => void
  /** Calls the listener at the start of each new epoch. */
  onEpoch(listener: () => void): void
}

/** @param isSameUser whether two replies are about one user */
export const createSessionStateStore = <U>(
  [read, persist]: SessionStorage<U>,
  isSameUser: (a: U, b: U) => boolean,
): SessionStateStore<U> => {
  let stateListeners: ((state: SessionState<U>) => void)[] = []
  const epochListeners: (() => void)[] = []
  let state: SessionState<U> = { status: 'starting' }
  let tokens: Tokens | undefined
  let epoch = 0

  const apply = (next: SessionState<U>, nextTokens: Tokens | undefined) => {
    tokens = nextTokens
    const { status, user } = next as ShownState<U>
    // The app sees no change: the state does not show new tokens. A new ticket or error is one.
    const isSameUserObject = status === 'signedIn' && (state as ShownState<U>).user === user
    if (state.status === status && (status === 'signedOut' || isSameUserObject)) return
    state = next
    for (const listener of stateListeners) {
      try {
        // An earlier listener may have removed this one, or changed the state: the others have then got the newer one.
        if (stateListeners.includes(listener) && state === next) listener(next)
      } catch (error) {
        // Reported later: an error of one page must not stop the session or the other pages.
        setTimeout(() => {
          throw error
        })
      }
    }
  }
  const applyInNewEpoch = (next: SessionState<U>, nextTokens: Tokens | undefined) => {
    epoch += 1
    // First, because a listener of the state may start work in the new epoch, which this decision must not end.
    for (const listener of epochListeners) listener()
    apply(next, nextTokens)
  }
  const persistState = (next: SessionState<U>, nextTokens?: Tokens, isDecision?: boolean) => {
    const { status, user } = next as ShownState<U>
    const content = status === 'signedOut' ? status : null
    if (status !== 'offline') {
      persist(nextTokens ? { tokens: nextTokens, user: user as U } : content, isDecision)
    }
  }
  /** Calls that were made for one user must not be sent for another one, also where no user was signed in between. */
  const adopt = (next: SessionState<U>, nextTokens?: Tokens) => {
    const isSeparate =
      state.status === 'signedIn' &&
      !(
        next.status === 'signedIn' &&
        (state.user === next.user || isSameUser(state.user, next.user))
      )
    if (isSeparate) applyInNewEpoch(next, nextTokens)
    else apply(next, nextTokens)
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
    tapEpoch: -1,
    asks: 0,
    continuations: 0,
    read,
    decide(next, nextTokens) {
      persistState(next, nextTokens, true)
      applyInNewEpoch(next, nextTokens)
    },
    record(requestedIn, next, nextTokens) {
      if (requestedIn !== epoch) return
      persistState(next, nextTokens)
      adopt(next, nextTokens)
    },
    adopt,
    updateUser(user) {
      const next = { status: 'signedIn', user } as const
      persistState(next, tokens)
      apply(next, tokens)
    },
    subscribe(listener) {
      // Wrapped: a function that subscribes twice is called twice, until each one unsubscribes.
      const own = (next: SessionState<U>) => listener(next)
      // A new array: one that is being called keeps its listeners.
      stateListeners = [...stateListeners, own]
      return () => {
        stateListeners = stateListeners.filter((other) => other !== own)
      }
    },
    onEpoch: (listener) => epochListeners.push(listener),
  }
}

type ShownState<U> = { status: string; user?: U }
