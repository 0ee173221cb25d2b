import { type SessionState, signedOut, type Tokens } from '../state/session-state.ts'
import type { SessionStateStore } from '../state/session-state-store.ts'
import { type Mark, markOf, type Stored, type StoredSignIn } from '../state/session-storage.ts'

export interface StoredSignInOptions {
  refresh?: unknown
  now(): number
}

/** What a sign-in or a renewal does about what is stored; it begins and ends with one epoch. */
export type Follower<U> = readonly [
  /**
   * Obeys or adopts what another context has stored since the last read: storage is the truth between contexts. A
   * sign-out from before the person's tap is not obeyed. Not false: a result based on the former content counts no more;
   * a number is when the other context has stored its tokens, in milliseconds by the phone's clock.
   */
  adopt: () => Promise<boolean | number>,
  /** Applies a result, and stores it in place of what was read last; see `SessionStateStore.record`. */
  record: (state: SessionState<U> | undefined, tokens?: Tokens) => void,
]

/**
 * @param base the mark of what was read before; without it nothing was, and tokens that have expired are not used
 */
export type Follow<U> = (epoch: number, base?: Mark) => Follower<U>

export const createFollow =
  <U>(stateStore: SessionStateStore<U>, options: StoredSignInOptions): Follow<U> =>
  (epoch, base) => {
    const adopt = async () => {
      const { state } = stateStore
      const former = base
      const [stored, mark, , at]: Stored<U> = await stateStore.read().catch((error: unknown) => {
        if (stateStore.tap) return [null, former as Mark] as const
        throw error
      })
      const { tap } = stateStore
      const atTap = tap && (await tap)
      if (stateStore.epoch !== epoch) return true
      base = mark
      if (stored === signedOut) {
        // Signed in, the person does not ask to undo a sign-out of another context.
        const isAsked = tap && !stateStore.tokens
        if (isAsked && (!atTap || atTap[1] === mark)) return false
        stateStore.adopt(signedOut)
        return true
      }
      if (!stored) return false
      const { tokens, user } = stored as StoredSignIn<U>
      const time =
        options.refresh && tokens.refreshToken
          ? tokens.refreshTokenExpiresAt
          : tokens.accessTokenExpiresAt
      // The clock counts at a launch only: it may be wrong, and what was stored since then is newer.
      if (former === undefined && time && !(toMilliseconds(time) > options.now())) return false
      const isNew = mark !== former
      const next = { status: 'signedIn', user } as const
      const isOwn = mark === markOf(stateStore.tokens)
      const isOther = isOwn
        ? // A profile that the app has given since the read began is newer.
          stateStore.state === state && JSON.stringify(state) !== JSON.stringify(next)
        : isNew
      if (isOther) stateStore.adopt(next, tokens, isOwn)
      return isNew && (at || true)
    }
    return [adopt, (state, tokens) => stateStore.record(epoch, state, tokens, base)]
  }

/** NaN, which is neither earlier nor later than any time, where it is not known. Below 10^11 it is in seconds. */
export const toMilliseconds = (time: string | number | null | undefined): number => {
  const number = Number(time) || Number(new Date(time as string))
  return number < 1e11 ? number * 1000 : number
}
