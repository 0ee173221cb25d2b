type AbortEvent = { readonly type: 'abort'; readonly target: AbortSignalPolyfill }
type Listener = ((event: AbortEvent) => void) | { handleEvent(event: AbortEvent): void }

function named(name: string, message: string): Error {
  const error = new Error(message)
  error.name = name
  return error
}

/**
 * `AbortSignal` for runtimes without one, after https://dom.spec.whatwg.org/#interface-AbortSignal.
 * It is no `EventTarget`: it knows the event `abort` and nothing else.
 */
export class AbortSignalPolyfill {
  aborted: boolean
  reason: unknown
  onabort: ((event: AbortEvent) => void) | null
  // Keyed by the listener: adding one twice runs it once, as in a browser.
  private readonly listeners: Map<Listener, boolean>

  // Assigned here, because field initialisers grow when they are lowered for a phone.
  constructor() {
    this.aborted = false
    this.reason = undefined
    this.onabort = null
    this.listeners = new Map()
  }

  /** A signal that is aborted already. */
  static abort(reason?: unknown): AbortSignalPolyfill {
    const controller = new AbortControllerPolyfill()
    controller.abort(reason)
    return controller.signal
  }

  /** A signal that aborts with a TimeoutError after so many milliseconds. */
  static timeout(milliseconds: number): AbortSignalPolyfill {
    const controller = new AbortControllerPolyfill()
    setTimeout(() => controller.abort(named('TimeoutError', 'signal timed out')), milliseconds)
    return controller.signal
  }

  addEventListener(
    type: string,
    listener: Listener | null,
    options?: boolean | { once?: boolean },
  ): void {
    if (type !== 'abort' || listener === null || this.listeners.has(listener)) return
    this.listeners.set(listener, typeof options === 'object' && options.once === true)
  }

  removeEventListener(type: string, listener: Listener | null): void {
    if (type === 'abort' && listener !== null) this.listeners.delete(listener)
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  /** Runs what waits for the signal; the controller's affair. */
  static fire(signal: AbortSignalPolyfill, reason: unknown): void {
    if (signal.aborted) return
    signal.aborted = true
    signal.reason = reason === undefined ? named('AbortError', 'signal is aborted') : reason
    const event: AbortEvent = { type: 'abort', target: signal }
    if (signal.onabort) run(signal.onabort, event)
    for (const [listener, once] of [...signal.listeners]) {
      if (!signal.listeners.has(listener)) continue
      if (once) signal.listeners.delete(listener)
      run(listener, event)
    }
  }
}

function run(listener: Listener, event: AbortEvent): void {
  try {
    if (typeof listener === 'function') listener.call(event.target, event)
    else listener.handleEvent(event)
  } catch (error) {
    // One listener's fault is reported and keeps no other from running, as in a browser.
    setTimeout(() => {
      throw error
    })
  }
}

/** `AbortController` for runtimes without one. */
export class AbortControllerPolyfill {
  readonly signal: AbortSignalPolyfill

  constructor() {
    this.signal = new AbortSignalPolyfill()
  }

  abort(reason?: unknown): void {
    AbortSignalPolyfill.fire(this.signal, reason)
  }
}

/**
 * Gives the runtime an `AbortController` and `AbortSignal` where they are absent: `@trpc/client`
 * says `new AbortController()` on every call. Call it before the first call of a client.
 *
 * @param target what to put them on; the global object unless told. An app whose bundler binds
 *   the identifier to {@link AbortControllerPolyfill} needs no install.
 */
export function installAbortController(target?: object): void {
  if (target === undefined && typeof AbortController !== 'undefined') return
  const scope: { AbortController?: unknown; AbortSignal?: unknown } = target ?? globalObject()
  if (scope.AbortController !== undefined) return
  scope.AbortController = AbortControllerPolyfill
  scope.AbortSignal = AbortSignalPolyfill
}

declare const __wxLinkGlobal__: object

/**
 * The object that bare identifiers are looked up in. A phone need not have `globalThis`, its
 * `global` need not be the real one, and code from strings is forbidden. But a lookup of a bare
 * name ends at Object.prototype, and a getter there is called on the global object.
 */
function globalObject(): object {
  Object.defineProperty(Object.prototype, '__wxLinkGlobal__', {
    configurable: true,
    get(this: object) {
      return this
    },
  })
  try {
    return __wxLinkGlobal__
  } finally {
    Reflect.deleteProperty(Object.prototype, '__wxLinkGlobal__')
  }
}
