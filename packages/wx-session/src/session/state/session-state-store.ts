import type { CallScope } from '../call-scope.ts'
import type { SessionEvent } from './session-events.ts'
import { type SessionState, signedOut, type Tokens } from './session-state.ts'
import { type Mark, markOf, type SessionStorage, type Stored } from './session-storage.ts'

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
  /** While a sign-in runs that the person has asked for: what was stored then; undefined where it cannot be read. */
  tap?: Promise<Stored<U> | undefined> | undefined
  /** Reads what was stored last. */
  readonly read: SessionStorage<U>[0]
  /** Starts a new epoch with this state. */
  decide(state: SessionState<U>, tokens?: Tokens): void
  /**
   * Applies a result that was requested in the given epoch, if that epoch is still current.
   *
   * @param state default: the current one, with other tokens
   * @param base the mark of the only stored value that it may replace; without it, any
   */
  record(
    epoch: number,
    state: SessionState<U> | undefined,
    ...stored: [tokens?: Tokens, base?: Mark]
  ): void
  /**
   * Applies what an earlier run or another context has stored. Stores nothing.
   *
   * @param isOwn it is the sign-in that this session has, perhaps with another profile
   */
  adopt(state: SessionState<U>, tokens?: Tokens, isOwn?: boolean): void
  /** How often the session has changed to `signedIn`, or to another user. */
  readonly signIns: number
  /** @param event without it each change is reported. Returns the function that unsubscribes. */
  subscribe(listener: (state: SessionState<U>) => void, event?: SessionEvent): () => void
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
  let signIns = 0

  const apply = (next: SessionState<U>, nextTokens: Tokens | undefined, isNewEpoch?: boolean) => {
    if (isNewEpoch) {
      epoch += 1
      // First, because a listener of the state may start work in the new epoch, which this decision must not end.
      for (const listener of epochListeners) listener()
    }
    if (nextTokens && (isNewEpoch || !tokens)) signIns += 1
    tokens = nextTokens
    // The app sees no change: the state does not show new tokens. A new ticket or error is one.
    if (state === next) return
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
  const persistState = (next: SessionState<U>, nextTokens?: Tokens, base?: Mark) => {
    const content = next === signedOut ? next : null
    persist(nextTokens ? { tokens: nextTokens, user: (next as WithUser<U>).user } : content, base)
  }
  /** Calls that were made for one user must not be sent for another one, also where no user was signed in between. */
  const adopt = (next: SessionState<U>, nextTokens?: Tokens, isOwn?: boolean) => {
    const isSameSession =
      isOwn ||
      !tokens ||
      state === next ||
      (nextTokens && isSameUser((state as WithUser<U>).user, (next as WithUser<U>).user))
    apply(next, nextTokens, !isSameSession)
  }

  const record: SessionStateStore<U>['record'] = (requestedIn, next = state, nextTokens, base) => {
    if (requestedIn !== epoch) return
    // No account: of what is stored only a sign-out that a tap overrides, or tokens that the server has rejected, are
    // removed. Others have not been tried, where the phone's clock says that they have expired.
    const isOver = typeof base === 'number' || (base && base === markOf(tokens))
    if (nextTokens || isOver) persistState(next, nextTokens, base)
    adopt(next, nextTokens)
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
    get signIns() {
      return signIns
    },
    read,
    decide(next, nextTokens) {
      persistState(next, nextTokens)
      apply(next, nextTokens, true)
    },
    record,
    adopt,
    subscribe(listener, event) {
      let seen = signIns
      // Wrapped: a function that subscribes twice is called twice, until each one unsubscribes.
      const own = (next: SessionState<U>) => {
        // A new profile and a silent renewal are not a sign-in; binding another account is one.
        const isNew = event !== 'signedIn' || signIns !== seen
        seen = signIns
        if (!event || (next.status === event && isNew)) listener(next)
      }
      // A new array: one that is being called keeps its listeners.
      stateListeners = [...stateListeners, own]
      return () => {
        stateListeners = stateListeners.filter((other) => other !== own)
      }
    },
    onEpoch: (listener) => epochListeners.push(listener),
  }
}

interface WithUser<U> {
  user: U
}
