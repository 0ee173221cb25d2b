const storageKey = 'mianmi-console:last-call'

/**
 * Records that the service responded, which extends the idle time-out. In localStorage, because all tabs share the
 * session.
 */
export function recordResponse(): void {
  localStorage.setItem(storageKey, String(Date.now()))
}

/** When any tab last received a response, in ms since the epoch. */
export function lastResponseAt(): number {
  return Number(localStorage.getItem(storageKey) ?? 0)
}

interface SessionEnd {
  /** Time left in ms; 0 or less when the session has ended. */
  readonly left: number
  /** True when the maximum lifetime is reached first: no call extends the session. */
  readonly isFinal: boolean
}

/** Time left until the session ends, by idle time-out or by maximum lifetime. Times in ms. */
export function sessionEnd(
  session: { readonly idleTtl: number; readonly expiresAt: string },
  now: number,
  lastResponse: number,
): SessionEnd {
  const idleLeft = lastResponse + session.idleTtl - now
  const lifetimeLeft = Date.parse(session.expiresAt) - now
  return { left: Math.min(idleLeft, lifetimeLeft), isFinal: lifetimeLeft <= idleLeft }
}
