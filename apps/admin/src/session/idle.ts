const storageKey = 'mianmi-console:last-call'

/** The service moves the idle time-out on with each call; all tabs of this browser share the session, so also this. */
export function keepAlive(): void {
  localStorage.setItem(storageKey, String(Date.now()))
}

/** When any tab was last answered, in ms. */
export function lastCallAt(): number {
  return Number(localStorage.getItem(storageKey) ?? 0)
}

interface Ending {
  /** In ms; zero and less where it is over. */
  readonly left: number
  /** No call moves this end. */
  readonly isFinal: boolean
}

/** How long the session still lives. Times in ms. */
export function endingOf(
  session: { readonly idleTtl: number; readonly expiresAt: string },
  now: number,
  lastCall: number,
): Ending {
  const idle = lastCall + session.idleTtl - now
  const final = Date.parse(session.expiresAt) - now
  return { left: Math.min(idle, final), isFinal: final <= idle }
}
