import { faultOfFailure, type WxFailure } from './wx-fault.ts'

type PrivacyDecision = { event: 'agree'; buttonId: string } | { event: 'disagree' }
type ResolvePrivacy = (decision: PrivacyDecision) => void

/**
 * The part of `wx` that the broker needs. Base libraries before 2.32.3 do not have it. The typings
 * of the platforms differ, and the official ones are wrong: the phone calls the listener with
 * `(resolve, { referrer })`.
 */
export interface PrivacyWx {
  /**
   * Registers the listener for calls that need consent.
   * https://developers.weixin.qq.com/miniprogram/dev/api/open-api/privacy/wx.onNeedPrivacyAuthorization.html
   */
  onNeedPrivacyAuthorization?(listener: (resolve: unknown) => void): void
}

/** An API call that waits for the person's consent. */
export interface PrivacyRequest {
  /** Name of the API, for example `getPhoneNumber`; null when the phone does not give it. */
  api: string | null
}

/** Holds the API calls that wait for consent, and answers them with the person's decision. */
export interface PrivacyBroker {
  /** The first call that waits; null when no call waits. */
  readonly request: PrivacyRequest | null
  /**
   * Calls the listener with the current request and with each later one; null: no call waits.
   * Returns the function that unsubscribes.
   */
  subscribe(listener: (request: PrivacyRequest | null) => void): () => void
  /**
   * Lets all waiting calls continue. Call it in the `agreeprivacyauthorization` event of the button
   * with this id; WeChat accepts the consent only then.
   */
  agree(buttonId: string): void
  /** Makes all waiting calls fail with errno 104. Call it in a tap. */
  refuse(): void
  /**
   * Milliseconds until WeChat asks again after a refusal. Until then, calls that need consent fail
   * without a question. 0 when WeChat would ask.
   */
  quietFor(): number
}

/** Options of {@link createPrivacyBroker}. */
export interface PrivacyBrokerOptions {
  /** `wx`, `Taro` or `uni`. */
  wx: PrivacyWx
  /** Milliseconds since 1970. Default Date.now. */
  now?(): number
}

/** Milliseconds. Source: https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html */
const silentPeriod = 10_000

// WeChat uses the last registered listener only, so there is one broker for each `wx`.
const brokers = new WeakMap<object, PrivacyBroker>()
const brokerKey = '__wxSessionPrivacyBroker'
type PrivacyPhone = object & { [brokerKey]?: PrivacyBroker }

/**
 * The broker of wx.onNeedPrivacyAuthorization: it queues the calls that need the person's consent
 * and resolves each of them once. It registers its listener at once, so create it before the first
 * such call; another call with the same `wx` returns the same broker. app.json needs
 * `"__usePrivacyCheck__": true`.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html
 *
 * @example
 * ```ts
 * import { createPrivacyBroker } from '@mianmi/wx-session/privacy'
 *
 * const privacy = createPrivacyBroker({ wx })
 *
 * Component({
 *   data: { isShown: false },
 *   lifetimes: {
 *     attached() {
 *       this.unsubscribe = privacy.subscribe((request) => {
 *         this.setData({ isShown: request !== null })
 *       })
 *     },
 *     detached() {
 *       this.unsubscribe()
 *     },
 *   },
 *   methods: {
 *     unsubscribe: (): void => undefined,
 *     // For <button id="agree-button" open-type="agreePrivacyAuthorization">
 *     onAgree: () => privacy.agree('agree-button'),
 *     onRefuse: () => privacy.refuse(),
 *   },
 * })
 * ```
 */
export function createPrivacyBroker(options: PrivacyBrokerOptions): PrivacyBroker {
  // WeChat has one listener. The function that sets it stands for the phone: a copy of `wx` has it too.
  const phone: PrivacyPhone = options.wx.onNeedPrivacyAuthorization ?? options.wx
  const existing = brokers.get(phone) ?? phone[brokerKey]
  if (existing) return existing
  const broker = registerBroker(options)
  brokers.set(phone, broker)
  // Another copy of this module finds it there.
  if (Object.isExtensible(phone)) Object.defineProperty(phone, brokerKey, { value: broker })
  return broker
}

function registerBroker({ wx, now = Date.now }: PrivacyBrokerOptions): PrivacyBroker {
  const listeners = new Set<(request: PrivacyRequest | null) => void>()
  let waiting: { resolve: ResolvePrivacy; api: string | null }[] = []
  let silentUntil = 0
  let notifications = 0

  const currentRequest = (): PrivacyRequest | null => {
    const [first] = waiting
    return first ? { api: first.api } : null
  }
  const notify = () => {
    const request = currentRequest()
    notifications += 1
    const current = notifications
    for (const listener of [...listeners]) {
      // An earlier listener may have answered: the others have then got the newer request.
      if (notifications !== current) return
      // Or removed a later one.
      if (listeners.has(listener)) listener(request)
    }
  }
  const resolveAll = (decision: PrivacyDecision) => {
    const resolved = waiting
    // Emptied first: a call that continues may at once need consent for another API.
    waiting = []
    for (const { resolve } of resolved) callSafely(() => resolve(decision))
    if (resolved.length > 0) notify()
  }

  wx.onNeedPrivacyAuthorization?.((resolve: unknown, info?: { referrer?: string }) => {
    waiting.push({ resolve: resolve as ResolvePrivacy, api: info?.referrer ?? null })
    if (waiting.length === 1) notify()
  })

  return {
    get request() {
      return currentRequest()
    },
    subscribe(listener) {
      const safeListener = (request: PrivacyRequest | null) => callSafely(() => listener(request))
      listeners.add(safeListener)
      safeListener(currentRequest())
      return () => listeners.delete(safeListener)
    },
    agree(buttonId) {
      silentUntil = 0
      resolveAll({ event: 'agree', buttonId })
    },
    refuse() {
      if (waiting.length > 0) silentUntil = now() + silentPeriod
      resolveAll({ event: 'disagree' })
    },
    quietFor() {
      const left = silentUntil - now()
      // More than the whole period: the phone's clock was set back.
      return left > silentPeriod ? 0 : Math.max(0, left)
    },
  }
}

/** Reports an error later, so that the other calls and listeners still run. */
function callSafely(run: () => void): void {
  try {
    run()
  } catch (error) {
    setTimeout(() => {
      throw error
    })
  }
}

/**
 * `notAgreed`: the person has not agreed (errno 104). `notDeclared`: the privacy guide in WeChat's
 * console does not declare the API (errno 112, 1025, 1026). Null for any other failure.
 */
export function privacyFault(failure: WxFailure): 'notAgreed' | 'notDeclared' | null {
  const fault = faultOfFailure(failure)
  if (fault === 'privacyNotAgreed') return 'notAgreed'
  return fault === 'privacyNotDeclared' ? 'notDeclared' : null
}
