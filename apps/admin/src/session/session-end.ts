const storageKey = 'mianmi-console:last-call'

/** The service moves the idle time-out on with each call; all tabs of this browser share the session, so also this. */
export function recordResponse(): void {
  localStorage.setItem(storageKey, String(Date.now()))
}

/** When any tab was last answered, in ms. */
export function lastResponseAt(): number {
  return Number(localStorage.getItem(storageKey) ?? 0)
}

interface SessionEnd {
  /** In ms; zero and less where it is over. */
  readonly left: number
  /** No call moves this end. */
  readonly isFinal: boolean
}

/** How long the session still lives. Times in ms. */
export function sessionEnd(
  session: { readonly idleTtl: number; readonly expiresAt: string },
  now: number,
  lastResponse: number,
): SessionEnd {
  const idle = lastResponse + session.idleTtl - now
  const final = Date.parse(session.expiresAt) - now
  return { left: Math.min(idle, final), isFinal: final <= idle }
}
