import { unavailable, type WechatError } from '../wechat-error.ts'

/** Times in ms. */
export interface BreakerOptions {
  /** Calls without an answer in a row after which it opens. */
  failures: number
  /** Older failures are forgotten: a quiet service must not open on one a day. */
  window: number
  /** How long it stays open before one call is let through. */
  pause: number
  /** The pause doubles with each such call that fails, up to this. */
  maxPause: number
  now: () => number
}

/**
 * Spares callers the wait for a WeChat that does not answer, and WeChat the calls. While open it
 * refuses with `unavailable` and a `retryAfter`; a single call then probes, and closes it again
 * where WeChat answers. What it says does not matter: a refusal, "busy" and nonsense are answers, which
 * cost nobody a wait.
 */
export interface Breaker {
  /** Throws while open; changes nothing. */
  check(): void
  /** As `check`, then runs `work`: rejecting means that no answer came. */
  guard<T>(work: () => Promise<T>): Promise<T>
}

export function createBreaker(options: BreakerOptions): Breaker {
  const { now } = options
  let recent: number[] = []
  let open: { since: number; pause: number } | null = null
  let isProbing = false
  // A call that began before the last change says nothing about WeChat after it.
  let epoch = 0

  function check(): void {
    if (open === null) return
    const elapsed = now() - open.since
    // A clock that was set back must not hold it open.
    if (elapsed >= 0 && elapsed < open.pause) throw refusal(open.pause - elapsed)
    if (isProbing) throw refusal(open.pause)
  }

  function succeeded(): void {
    recent = []
    if (open === null) return
    open = null
    epoch += 1
  }

  function failed(): void {
    const time = now()
    if (open !== null) {
      open = { since: time, pause: Math.min(open.pause * 2, options.maxPause) }
      return
    }
    recent = [...recent.filter((each) => time - each < options.window), time]
    if (recent.length < options.failures) return
    open = { since: time, pause: options.pause }
    epoch += 1
  }

  function learn(began: number, answered: boolean): void {
    if (began !== epoch) return
    if (answered) succeeded()
    else failed()
  }

  return {
    check,
    async guard(work) {
      check()
      const began = epoch
      const isProbe = open !== null
      if (isProbe) isProbing = true
      try {
        const value = await work()
        learn(began, true)
        return value
      } catch (error) {
        learn(began, false)
        throw error
      } finally {
        if (isProbe) isProbing = false
      }
    },
  }
}

function refusal(ms: number): WechatError {
  return unavailable('not asked: it failed too often', Math.max(1, Math.ceil(ms / 1000)))
}
