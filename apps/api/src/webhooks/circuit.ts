import type { DispatchLog } from './dispatch-log.ts'
import type { AttemptResult } from './send-attempt.ts'

/** So many failed attempts at one webhook without a success between them pause it. */
export const failuresBeforePause = 5
/** The first pause, and the longest one, in ms. Each one that ends with a further failure doubles. */
const firstPause = 1_000
const longestPause = 5 * 60_000
const tooMany = 'HTTP 429'
/** The longest pause of a whole webhook that its receiver can ask for with 429, in ms. */
const longestAskedPause = 60 * 60_000

/**
 * Whether a webhook is called at all. A receiver that is down would otherwise use up attempts of every user's deliveries,
 * and the places of other webhooks. During a pause nothing is sent; after it one attempt at a time shows whether the
 * receiver is back. Each process judges by its own attempts.
 */
export interface Circuit {
  /** How many attempts may be under way. */
  limit(now: number, most: number): number
  /** When the pause ends; null where there is none. */
  pausedUntil(now: number): number | null
  /** Returns whether an attempt had failed since the last success. */
  succeed(): boolean
  /** Whether the last attempt failed. */
  isFailing(): boolean
  /**
   * Notes a failed attempt, and returns the length of the pause in ms that begins with it, or null.
   *
   * @param retryAfter the pause that the receiver asks for in ms
   */
  fail(now: number, retryAfter: number | null): number | null
}

export function createCircuit(): Circuit {
  let failures = 0
  let pause = 0
  let ownUntil = Number.NEGATIVE_INFINITY
  let askedUntil = Number.NEGATIVE_INFINITY
  const pausedUntil = (now: number): number | null => {
    const ends = [ownUntil, askedUntil].filter((end) => isAhead(end, now))
    return ends.length === 0 ? null : Math.max(...ends)
  }
  return {
    limit: (now, most) => (pausedUntil(now) !== null ? 0 : pause > 0 ? 1 : most),
    pausedUntil,
    // What the receiver has asked for holds also where an attempt succeeds that began before.
    succeed() {
      const wasFailing = failures > 0
      failures = 0
      pause = 0
      ownUntil = Number.NEGATIVE_INFINITY
      return wasFailing
    },
    isFailing: () => failures > 0,
    fail(now, retryAfter) {
      const before = pausedUntil(now)
      failures += 1
      if (retryAfter !== null) {
        const asked = now + Math.min(retryAfter, longestAskedPause)
        askedUntil = isAhead(askedUntil, now) ? Math.max(askedUntil, asked) : asked
      }
      // Attempts that began before the pause may fail within it.
      if (before === null && failures >= failuresBeforePause) {
        pause = Math.min(longestPause, pause * 2 || firstPause)
        ownUntil = now + pause
      }
      const until = pausedUntil(now)
      return until === null || until === before ? null : until - now
    },
  }
}

/** Whether a pause lasts. One that would be longer than any is that of a clock that has been set back. */
const isAhead = (end: number, now: number): boolean => end > now && end - now <= longestAskedPause

/** A webhook by the address that it has now. */
export interface CalledWebhook {
  readonly webhookId: string
  readonly url: string
}

/** The circuits of all webhooks. */
export interface Circuits {
  limit(webhookId: string, now: number, most: number): number
  pausedUntil(webhookId: string, now: number): number | null
  /** Notes what came of an attempt, and logs the first failure, when a pause begins, and when the webhook works again. */
  note(called: CalledWebhook, result: AttemptResult, now: number): void
  /** Forgets the failures of all but these: those of another address say nothing of the one that was corrected. */
  keepOnly(webhooks: readonly CalledWebhook[]): void
}

const describeFirst = (outcome: AttemptResult['outcome']): string =>
  outcome === 'forbidden_address'
    ? 'a webhook fails: its address is private, and WEBHOOK_ALLOW of this service does not list it'
    : 'a webhook fails; it is tried again'

export function createCircuits(log: DispatchLog): Circuits {
  const circuits = new Map<string, Circuit & { readonly url: string }>()
  const circuitOf = ({ webhookId, url }: CalledWebhook): Circuit => {
    const circuit = circuits.get(webhookId) ?? { ...createCircuit(), url }
    circuits.set(webhookId, circuit)
    return circuit
  }
  return {
    limit: (webhookId, now, most) => circuits.get(webhookId)?.limit(now, most) ?? most,
    pausedUntil: (webhookId, now) => circuits.get(webhookId)?.pausedUntil(now) ?? null,
    note(called, { outcome, error, retryAfter }, now) {
      const { webhookId } = called
      if (outcome === 'delivered') {
        if (circuits.get(webhookId)?.succeed()) log.info({ webhookId }, 'a webhook works again')
        return
      }
      // Only 429 is about the caller; another status with `Retry-After` is about this delivery.
      const asked = error === tooMany ? retryAfter : null
      const circuit = circuitOf(called)
      if (!circuit.isFailing()) log.warn({ webhookId, error }, describeFirst(outcome))
      const pauseMs = circuit.fail(now, asked)
      if (pauseMs !== null) log.warn({ webhookId, error, pauseMs }, 'a webhook fails and is paused')
    },
    keepOnly(webhooks) {
      for (const [id, { url }] of circuits)
        if (!webhooks.some((kept) => kept.webhookId === id && kept.url === url)) circuits.delete(id)
    },
  }
}
