import type { CallScope } from '../call-scope.ts'
import { fieldsOf } from '../fields.ts'
import type { SessionState, Tokens } from './session-state.ts'
import { type Mark, markOf, type SessionStorage, type StoredSignIn } from './session-storage.ts'

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
  /** What was stored when the person asked; undefined where that could not be read. */
  tapMark?: Promise<Mark | undefined>
  /** Reads what was stored last. */
  readonly read: SessionStorage<U>[0]
  /** Starts a new epoch with this state. */
  decide(state: SessionState<U>, tokens?: Tokens): void
  /**
   * Applies a result that was requested in the given epoch, if that epoch is still current.
   *
   * @param base the mark of the only stored value that it may replace; without it, any
   */
  record(epoch: number, state: SessionState<U>, ...stored: [tokens?: Tokens, base?: Mark]): void
  /** Applies what an earlier run or another context has stored. Stores nothing. */
  adopt(state: SessionState<U>, tokens?: Tokens): void
  /** Applies the profile of the stored sign-in that this session has, unless a newer one waits to be stored. */
  adoptProfile(user: U): void
  /** Only for a session that is signed in, and for a profile of its user. Resolves when the profile is being stored. */
  updateUser(user: U): Promise<void>
  /** Whether no second user can have been signed in. */
  readonly hasOneUser: boolean
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
  let signIns = 0
  /** How many profiles are not stored yet. */
  let unstored = 0

  const apply = (next: SessionState<U>, nextTokens: Tokens | undefined, isNewEpoch?: boolean) => {
    tokens = nextTokens
    const { status } = next
    // The app sees no change: the state does not show new tokens. A new ticket or error is one.
    const isSameState = state.status === status && status === 'signedOut'
    if (isSameState || state === next) return
    if (status === 'signedIn' && (isNewEpoch || state.status !== status)) signIns += 1
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
    apply(next, nextTokens, true)
  }
  const persistState = (next: SessionState<U>, nextTokens?: Tokens, base?: Mark) => {
    const { status, user } = next as ShownState<U>
    const content = status === 'signedOut' ? status : null
    persist(nextTokens ? { tokens: nextTokens, user: user as U } : content, base)
  }
  /** Calls that were made for one user must not be sent for another one, also where no user was signed in between. */
  const adopt = (next: SessionState<U>, nextTokens?: Tokens) => {
    const isSeparate =
      state.status === 'signedIn' &&
      state !== next &&
      !(next.status === 'signedIn' && isSameUser(state.user, next.user))
    if (isSeparate) applyInNewEpoch(next, nextTokens)
    else apply(next, nextTokens)
  }

  const record: SessionStateStore<U>['record'] = (requestedIn, next, nextTokens, base) => {
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
    tapEpoch: -1,
    read,
    get hasOneUser() {
      return signIns < 2
    },
    decide(next, nextTokens) {
      persistState(next, nextTokens)
      applyInNewEpoch(next, nextTokens)
    },
    record,
    adopt,
    adoptProfile(user) {
      const isKnown = JSON.stringify(user) === JSON.stringify((state as ShownState<U>).user)
      if (!unstored && !isKnown) apply({ status: 'signedIn', user }, tokens)
    },
    async updateUser(user) {
      const startedIn = epoch
      const base = markOf(tokens)
      unstored += 1
      apply({ status: 'signedIn', user }, tokens)
      // Another context may have renewed the tokens since; they stay.
      const [stored, mark] = await read().catch(() => [{ tokens, user }, base] as const)
      unstored -= 1
      const { tokens: newest, user: owner } = fieldsOf(stored) as Partial<StoredSignIn<U>>
      const isOwn = newest && (mark === base || isSameUser(user, owner as U))
      if (isOwn) record(startedIn, state, newest, mark)
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
