import { fieldsOf } from '../fields.ts'
import type { Tokens } from '../state/session-state.ts'
import type { SessionStateStore } from '../state/session-state-store.ts'

export interface StoredSignInOptions {
  refresh?: unknown
  now(): number
}

/**
 * Storage is the truth between contexts: obeys a stored sign-out, unless the person has asked to sign in, and adopts a
 * sign-in that another context has stored. Returns whether there is nothing left to do.
 */
export type AdoptStored = (epoch: number) => Promise<boolean>

export const createAdoptStored =
  <U>(stateStore: SessionStateStore<U>, options: StoredSignInOptions): AdoptStored =>
  async (epoch) => {
    const isTap = () => stateStore.tapEpoch === epoch
    const stored = await stateStore.read().catch((error: unknown) => {
      if (isTap()) return null
      throw error
    })
    if (stateStore.epoch !== epoch) return true
    if (stored === 'signedOut') {
      if (isTap()) return false
      stateStore.adopt({ status: 'signedOut' })
      return true
    }
    const { tokens, user } = stored || {}
    const isKnown = fieldsOf(tokens)['accessToken'] === fieldsOf(stateStore.tokens)['accessToken']
    if (!tokens || isKnown || !isUsable(tokens, options)) return false
    stateStore.adopt({ status: 'signedIn', user: user as U }, tokens)
    return true
  }

/** Whether stored tokens may still be valid. The server decides: the phone's clock may be wrong. */
const isUsable = (tokens: Tokens, options: StoredSignInOptions): boolean => {
  const canRefresh = options.refresh && tokens.refreshToken
  const time = canRefresh ? tokens.refreshTokenExpiresAt : tokens.accessTokenExpiresAt
  return time === undefined || toMilliseconds(time) > options.now()
}

/** NaN, which is neither earlier nor later than any time, where it is not known. */
export const toMilliseconds = (time: string | number | undefined): number =>
  Number(new Date(time as string))
