import type { Tokens } from '../state/session-state.ts'
import type { SessionStateStore } from '../state/session-state-store.ts'
import { type Mark, markOf } from '../state/session-storage.ts'

export interface StoredSignInOptions {
  refresh?: unknown
  now(): number
}

/**
 * Storage is the truth between contexts: what another context has stored since the given base (the mark of what was
 * read before) is obeyed or adopted. A sign-out from before the person's tap is not obeyed. Returns whether that was
 * the case, so that a result based on the former content counts no more, and the mark of what is stored.
 *
 * @param base without it nothing was read before, and tokens that have expired are not used
 */
export type AdoptStored = (
  epoch: number,
  base?: Mark,
) => Promise<readonly [isAdopted: boolean, mark?: Mark | undefined]>

export const createAdoptStored =
  <U>(stateStore: SessionStateStore<U>, options: StoredSignInOptions): AdoptStored =>
  async (epoch, base) => {
    const isTap = () => stateStore.tapEpoch === epoch
    const [stored, mark] = await stateStore.read().catch((error: unknown) => {
      if (isTap()) return [null, base] as const
      throw error
    })
    const tapMark = isTap() ? await stateStore.tapMark : ''
    if (stateStore.epoch !== epoch) return [true]
    if (stored === 'signedOut') {
      if (isTap() && (tapMark === undefined || tapMark === mark)) return [false, mark]
      stateStore.adopt({ status: 'signedOut' })
      return [true]
    }
    const isNew = mark !== base
    // The clock counts at a launch only: it may be wrong, and what was stored since then is newer.
    if (!stored || (base === undefined && !isUsable(stored.tokens, options))) return [false, mark]
    if (mark === markOf(stateStore.tokens)) stateStore.adoptProfile(stored.user)
    else if (isNew) stateStore.adopt({ status: 'signedIn', user: stored.user }, stored.tokens)
    return [isNew, mark]
  }

/** Whether stored tokens may still be valid. The server decides: the phone's clock may be wrong. */
const isUsable = (tokens: Tokens, options: StoredSignInOptions): boolean => {
  const canRefresh = options.refresh && tokens.refreshToken
  const time = canRefresh ? tokens.refreshTokenExpiresAt : tokens.accessTokenExpiresAt
  return !time || toMilliseconds(time) > options.now()
}

/** NaN, which is neither earlier nor later than any time, where it is not known. Below 10^11 it is in seconds. */
export const toMilliseconds = (time: string | number | null | undefined): number => {
  const number = Number(time) || Number(new Date(time as string))
  return number < 1e11 ? number * 1000 : number
}
