import type { Tokens } from '../state/session-state.ts'
import type { SessionStateStore } from '../state/session-state-store.ts'
import type { SessionStorage, StoredSession } from '../state/session-storage.ts'

export interface StoredSignIn<U> {
  /**
   * Obeys a sign-out, unless the person has asked to sign in. Returns what is stored; undefined when nothing is left
   * to do.
   */
  obey(epoch: number): Promise<StoredSession<U> | null | undefined>
  /** Returns whether there is nothing left to do. */
  adopt(epoch: number): Promise<boolean>
}

export interface StoredSignInParts<U> {
  stateStore: SessionStateStore<U>
  storage: SessionStorage<U>
  /** Whether the person has asked for the sign-in that runs in this epoch. */
  isTap(epoch: number): boolean
}

export interface StoredSignInOptions {
  refresh?: unknown
  now(): number
}

/** Storage is the truth between contexts: what another one has stored is obeyed or adopted. */
export function createStoredSignIn<U>(
  { stateStore, storage, isTap }: StoredSignInParts<U>,
  options: StoredSignInOptions,
): StoredSignIn<U> {
  const obey = async (epoch: number) => {
    const stored = await storage.read().catch((error: unknown) => {
      if (isTap(epoch)) return null
      throw error
    })
    if (stateStore.epoch !== epoch) return undefined
    if (!stored || !('signedOut' in stored)) return stored
    if (isTap(epoch)) return null
    stateStore.adopt({ status: 'signedOut' })
    return undefined
  }
  return {
    obey,
    async adopt(epoch) {
      const stored = await obey(epoch)
      if (!stored || 'signedOut' in stored) return stored === undefined
      const { tokens, user } = stored
      const isKnown = tokens.accessToken === stateStore.tokens?.accessToken
      if (isKnown || !isUsable(tokens, options)) return false
      stateStore.adopt({ status: 'signedIn', tokens, user })
      return true
    },
  }
}

/** Whether stored tokens may still be valid. The server decides: the phone's clock may be wrong. */
function isUsable(tokens: Tokens, { refresh, now }: StoredSignInOptions): boolean {
  const { refreshToken, refreshTokenExpiresAt, accessTokenExpiresAt } = tokens
  const time = refresh && refreshToken ? refreshTokenExpiresAt : accessTokenExpiresAt
  return time === undefined || toMilliseconds(time) > now()
}

/** NaN, which is later than nothing, where it is not known. */
export function toMilliseconds(time: string | number | undefined): number {
  return typeof time === 'string' ? Date.parse(time) : (time ?? Number.NaN)
}
