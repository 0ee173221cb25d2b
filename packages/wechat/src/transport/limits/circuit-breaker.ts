import { unavailableError, type WechatError } from '../../wechat-error.ts'

/** When a circuit breaker opens and how long it stays open. Times in ms. */
export interface CircuitBreakerOptions {
  /** Consecutive failures after which it opens. */
  failures: number
  /** Older failures do not count: a service with few calls must not open on one failure a day. */
  window: number
  /** How long it stays open before one call may pass as a probe. */
  pause: number
  /** The pause doubles with each failed probe, up to this limit. */
  maxPause: number
  /** The clock, ms since the epoch. */
  now: () => number
}

/**
 * Stops calling a WeChat that does not answer, which saves callers the wait. While open it refuses calls with
 * `unavailable` and a `retryAfter`. After the pause one call passes as a probe, and closes the breaker when WeChat
 * answers. The content of an answer does not matter: a refusal, "busy" and invalid content cost no wait.
 */
export interface CircuitBreaker {
  /** Changes nothing. @throws WechatError of kind `unavailable` while the breaker is open */
  throwIfOpen(): void
  /** Runs `work` unless the breaker is open (then throws as `throwIfOpen`). A rejection counts as "no answer". */
  run<T>(work: () => Promise<T>): Promise<T>
}

/** Creates a closed circuit breaker. */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { now } = options
  let failureTimes: number[] = []
  let openState: { since: number; pause: number } | null = null
  let isProbing = false
  // Grows with each change of state. A call that began before a change says nothing about WeChat after it.
  let stateVersion = 0

  function throwIfOpen(): void {
    if (openState === null) return
    const elapsed = now() - openState.since
    // A negative value: the clock was set back, which must not keep the breaker open.
    if (elapsed >= 0 && elapsed < openState.pause) throw openError(openState.pause - elapsed)
    if (isProbing) throw openError(openState.pause)
  }

  function recordSuccess(): void {
    failureTimes = []
    if (openState === null) return
    openState = null
    stateVersion += 1
  }

  function recordFailure(): void {
    const time = now()
    if (openState !== null) {
      openState = { since: time, pause: Math.min(openState.pause * 2, options.maxPause) }
      return
    }
    // A failure in the future: the clock was ahead, so its age is unknown.
    const isRecent = (each: number): boolean => each <= time && time - each < options.window
    failureTimes = [...failureTimes.filter(isRecent), time]
    if (failureTimes.length < options.failures) return
    openState = { since: time, pause: options.pause }
    stateVersion += 1
  }

  return {
    throwIfOpen,
    async run(work) {
      throwIfOpen()
      const versionAtStart = stateVersion
      const isProbe = openState !== null
      if (isProbe) isProbing = true
      try {
        const value = await work()
        if (versionAtStart === stateVersion) recordSuccess()
        return value
      } catch (error) {
        if (versionAtStart === stateVersion) recordFailure()
        throw error
      } finally {
        if (isProbe) isProbing = false
      }
    },
  }
}

/** @param ms until the next probe; `retryAfter` is at least 1 second */
function openError(ms: number): WechatError {
  return unavailableError('not called: too many failures', Math.max(1, Math.ceil(ms / 1000)))
}
