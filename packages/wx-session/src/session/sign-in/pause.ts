import type { SessionWx } from '../call-wx.ts'
import { retryDelay } from '../failures.ts'
import type { SessionStateStore } from '../state/session-state-store.ts'

/** The time after a failure in which nothing is tried without the person. */
export type Pause = readonly [
  /** @param least milliseconds, where it is not the first failure in a row; later ones double them */
  begin: (error: unknown, isRenewal: boolean, least?: number) => void,
  /** @param sentAt a success of what was sent before the pause began does not end it; default: a decision, which does */
  end: (sentAt?: number) => void,
  /** The failure; null when the pause is over. */
  current: () => readonly [error: unknown] | null,
]

export interface PauseOptions {
  wx: Pick<SessionWx, 'onNetworkStatusChange'>
  now(): number
}

/** Milliseconds: the longest pause, unless the server asks for more. */
const longest = 600_000
/** Milliseconds: within this time the network's return ends one pause. A weak signal returns often. */
const returnTime = 60_000

export const createPause = (
  stateStore: SessionStateStore<unknown>,
  { wx, now }: PauseOptions,
): Pause => {
  /** Milliseconds: the next pause of this session's own. */
  let next = 0
  /**
   * Whether renewals pause, or sign-ins: another context, or an account that the person binds, may end the failure of
   * the other kind. Undefined when no pause has begun.
   */
  let isForRenewals: boolean | undefined
  let error: unknown
  let since: number
  /** Milliseconds that the server asks for. Only the person, or a success, ends them. */
  let asked: number
  /** Milliseconds that grow with each failure. The network's return ends them. */
  let own: number
  let returnedAt: number
  const begin = (failure: unknown, isRenewal: boolean, least = 0) => {
    const at = now()
    // Another failure in between, such as a tap without a network, does not shorten what the server has asked for.
    asked = Math.max(
      retryDelay(failure),
      isForRenewals === isRenewal ? asked - Math.max(at - since, 0) : 0,
    )
    own = next && Math.max(next, least)
    next = Math.min(own * 2 || 1000, longest)
    error = failure
    isForRenewals = isRenewal
    since = at
  }
  const end = (sentAt?: number) => {
    if ((sentAt as number) < since) return
    next = 0
    isForRenewals = undefined
  }
  const current = (): readonly [error: unknown] | null => {
    const passed = now() - since
    // A clock that was set back ends it, unless it has no end.
    const isPaused = passed < 0 ? asked > 1e9 : passed < Math.max(asked, own)
    return isPaused && isForRenewals === !!stateStore.tokens ? [error] : null
  }
  if (wx.onNetworkStatusChange) {
    wx.onNetworkStatusChange(({ isConnected }) => {
      if (!isConnected || Math.abs(now() - returnedAt) < returnTime) return
      returnedAt = now()
      own = 0
    })
  }
  return [begin, end, current]
}
