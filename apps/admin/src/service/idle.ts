const storageKey = 'mianmi-console:last-call'

/** The service moves the idle time-out on with each call; all tabs of this browser share the session, so also this. */
export function keepAlive(): void {
  localStorage.setItem(storageKey, String(Date.now()))
}

/** When any tab was last answered, in ms. */
export function lastCallAt(): number {
  return Number(localStorage.getItem(storageKey) ?? 0)
}
