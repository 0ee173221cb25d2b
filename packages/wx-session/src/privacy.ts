import { faultOfFailure, type WxFailure } from './wx-fault.ts'

type Answer = { event: 'agree'; buttonId: string } | { event: 'disagree' }
type Resolve = (answer: Answer) => void

/**
 * The part of `wx` that the broker needs; base libraries before 2.32.3 have none of it. Each
 * platform's typings describe the listener in another way, the official ones wrongly: the phone
 * calls it with `(resolve, { referrer })`.
 */
export interface PrivacyWx {
  onNeedPrivacyAuthorization?(listener: (resolve: unknown) => void): void
}

/** Somebody has to be asked; `api` is what asks, as far as the phone tells (`getPhoneNumber`). */
export interface PrivacyRequest {
  api: string | null
}

export interface PrivacyBroker {
  /** What waits for an answer; null where nothing does. */
  readonly request: PrivacyRequest | null
  /** Is told the request of now and each later one; null: nothing waits. Returns what ends that. */
  subscribe(listener: (request: PrivacyRequest | null) => void): () => void
  /**
   * To be called in the `agreeprivacyauthorization` event of the button with this id: the phone
   * believes it only then. All that waits goes on.
   */
  agree(buttonId: string): void
  /** To be called in a tap. All that waits fails with errno 104. */
  refuse(): void
  /**
   * Milliseconds for which, after a refusal, WeChat fails what needs consent without asking
   * again; 0 where it would ask.
   */
  quietFor(): number
}

export interface PrivacyBrokerOptions {
  wx: PrivacyWx
  /** Milliseconds since 1970. Default Date.now. */
  now?(): number
}

/** Milliseconds. https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html */
const quietTime = 10_000

// The phone heeds the last registration only, so there is one broker for a `wx`, whoever asks.
const brokers = new WeakMap<PrivacyWx, PrivacyBroker>()

/**
 * The one broker over wx.onNeedPrivacyAuthorization. Registers at once, so call it before
 * anything that needs consent; again with the same `wx` it gives the same broker.
 */
export function createPrivacyBroker(options: PrivacyBrokerOptions): PrivacyBroker {
  const known = brokers.get(options.wx)
  if (known) return known
  const broker = newBroker(options)
  brokers.set(options.wx, broker)
  return broker
}

function newBroker({ wx, now = Date.now }: PrivacyBrokerOptions): PrivacyBroker {
  const listeners = new Set<(request: PrivacyRequest | null) => void>()
  let waiting: { resolve: Resolve; api: string | null }[] = []
  let quietUntil = 0

  const first = (): PrivacyRequest | null => {
    const [next] = waiting
    return next ? { api: next.api } : null
  }
  const tell = () => {
    const request = first()
    for (const listener of [...listeners]) listener(request)
  }
  const answer = (given: Answer) => {
    const answered = waiting
    // Emptied before anybody is answered: an API that goes on may ask for the next thing at once.
    waiting = []
    for (const { resolve } of answered) attempt(() => resolve(given))
    if (answered.length > 0) tell()
  }

  wx.onNeedPrivacyAuthorization?.((resolve: unknown, info?: { referrer?: string }) => {
    waiting.push({ resolve: resolve as Resolve, api: info?.referrer ?? null })
    if (waiting.length === 1) tell()
  })

  return {
    get request() {
      return first()
    },
    subscribe(listener) {
      const member = (request: PrivacyRequest | null) => attempt(() => listener(request))
      listeners.add(member)
      member(first())
      return () => listeners.delete(member)
    },
    agree(buttonId) {
      quietUntil = 0
      answer({ event: 'agree', buttonId })
    },
    refuse() {
      if (waiting.length > 0) quietUntil = now() + quietTime
      answer({ event: 'disagree' })
    },
    quietFor: () => Math.max(0, quietUntil - now()),
  }
}

/** One fault is reported and keeps neither the phone nor other pages from hearing. */
function attempt(run: () => void): void {
  try {
    run()
  } catch (error) {
    setTimeout(() => {
      throw error
    })
  }
}

/**
 * Tells the two faults of privacy apart: the person has not agreed (errno 104), or the console's
 * privacy guide does not declare the API (112). Null: it is neither.
 */
export function privacyFault(failure: WxFailure): 'notAgreed' | 'notDeclared' | null {
  const fault = faultOfFailure(failure)
  if (fault === 'privacyNotAgreed') return 'notAgreed'
  return fault === 'privacyNotDeclared' ? 'notDeclared' : null
}
