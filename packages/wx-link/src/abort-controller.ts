type AbortEvent = { readonly type: 'abort'; readonly target: AbortSignalPolyfill }
type AbortListener = ((event: AbortEvent) => void) | { handleEvent(event: AbortEvent): void }

function createError(name: string, message: string): Error {
  const error = new Error(message)
  error.name = name
  return error
}

/**
 * `AbortSignal` for runtimes without one, by https://dom.spec.whatwg.org/#interface-AbortSignal.
 * It is not an `EventTarget`: it has the event `abort` only.
 */
export class AbortSignalPolyfill {
  aborted: boolean
  /** What `abort` was called with, or an error named AbortError; undefined before. */
  reason: unknown
  /** Called before the listeners. */
  onabort: ((event: AbortEvent) => void) | null
  // A set, because a listener that is added twice is called once, as in a browser.
  private readonly listeners: Set<AbortListener>

  // Assigned here, because field initialisers take more code when they are lowered to es2017.
  constructor() {
    this.aborted = false
    this.reason = undefined
    this.onabort = null
    this.listeners = new Set()
  }

  /** A signal that is already aborted. */
  static abort(reason?: unknown): AbortSignalPolyfill {
    const controller = new AbortControllerPolyfill()
    controller.abort(reason)
    return controller.signal
  }

  /** A signal that aborts with a TimeoutError after the given number of milliseconds. */
  static timeout(milliseconds: number): AbortSignalPolyfill {
    const controller = new AbortControllerPolyfill()
    setTimeout(
      () => controller.abort(createError('TimeoutError', 'signal timed out')),
      milliseconds,
    )
    return controller.signal
  }

  /** Ignores every event but `abort`. A signal aborts once, so the option `once` makes no difference. */
  addEventListener(
    type: string,
    listener: AbortListener | null,
    _options?: boolean | { once?: boolean },
  ): void {
    if (type === 'abort' && listener !== null) this.listeners.add(listener)
  }

  removeEventListener(type: string, listener: AbortListener | null): void {
    if (type === 'abort' && listener !== null) this.listeners.delete(listener)
  }

  /** Throws `reason` when the signal is aborted. */
  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  /** Aborts the signal and calls its listeners. For the controller only. */
  static dispatch(signal: AbortSignalPolyfill, reason: unknown): void {
    if (signal.aborted) return
    signal.aborted = true
    signal.reason = reason === undefined ? createError('AbortError', 'signal is aborted') : reason
    const event: AbortEvent = { type: 'abort', target: signal }
    if (signal.onabort) callListener(signal.onabort, event)
    for (const listener of [...signal.listeners]) {
      if (signal.listeners.has(listener)) callListener(listener, event)
    }
  }
}

function callListener(listener: AbortListener, event: AbortEvent): void {
  try {
    if (typeof listener === 'function') listener.call(event.target, event)
    else listener.handleEvent(event)
  } catch (error) {
    // Reported later, so that the other listeners still run, as in a browser.
    setTimeout(() => {
      throw error
    })
  }
}

/** `AbortController` for runtimes without one, by https://dom.spec.whatwg.org/#interface-abortcontroller. */
export class AbortControllerPolyfill {
  readonly signal: AbortSignalPolyfill

  constructor() {
    this.signal = new AbortSignalPolyfill()
  }

  /** Aborts the signal. Later calls have no effect. */
  abort(reason?: unknown): void {
    AbortSignalPolyfill.dispatch(this.signal, reason)
  }
}

/**
 * Defines `AbortController` and `AbortSignal` where they are absent, because `@trpc/client` creates
 * an AbortController for every call. Call it before the first call of a client. It is not needed
 * when the bundler binds the identifier to {@link AbortControllerPolyfill}.
 *
 * @param target the object to define them on; default: the global object
 *
 * @example
 * ```ts
 * import { installAbortController } from '@mianmi/wx-link'
 *
 * installAbortController()
 * ```
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
 * The object in which bare identifiers are looked up. WeChat guarantees neither `globalThis` nor
 * that `global` is the real global object, and forbids code from strings. The lookup of a bare
 * name ends at Object.prototype, and a getter there is called with the global object as `this`.
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
