import { fieldsOf } from '../fields.ts'
import type { Tokens } from '../state/session-state.ts'
import type { SessionStateStore } from '../state/session-state-store.ts'
import type { StoredSignIn } from '../state/session-storage.ts'

export interface StoredSignInOptions {
  refresh?: unknown
  now(): number
}

/** Storage is the truth between contexts: what another one has stored is obeyed or adopted. */
export type StoredSignInActions<U> = readonly [
  /**
   * Obeys a stored sign-out, unless the person has asked to sign in. Returns a stored sign-in; undefined when nothing
   * is left to do.
   */
  obey: (epoch: number) => Promise<StoredSignIn<U> | null | undefined>,
  /** Obeys a stored sign-out, or adopts a stored sign-in. Returns whether there is nothing left to do. */
  adopt: (epoch: number) => Promise<boolean>,
]

export const createStoredSignIn = <U>(
  stateStore: SessionStateStore<U>,
  options: StoredSignInOptions,
): StoredSignInActions<U> => {
  const obey = async (epoch: number) => {
    const isTap = () => stateStore.tapEpoch === epoch
    const stored = await stateStore.read().catch((error: unknown) => {
      if (isTap()) return null
      throw error
    })
    if (stateStore.epoch !== epoch) return undefined
    if (stored !== 'signedOut') return stored
    if (isTap()) return null
    stateStore.adopt({ status: 'signedOut' })
    return undefined
  }
  const adopt = async (epoch: number) => {
    const stored = await obey(epoch)
    if (!stored) return stored === undefined
    const { tokens, user } = stored
    const isKnown = tokens.accessToken === fieldsOf(stateStore.tokens)['accessToken']
    if (isKnown || !isUsable(tokens, options)) return false
    stateStore.adopt({ status: 'signedIn', user }, tokens)
    return true
  }
  return [obey, adopt]
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
