import type { AppRuntime } from './app-runtime.ts'

/** Options of {@link createAppAdditions}. */
export interface AppAdditionsOptions {
  /** The `wx` that the additions complete. */
  wx: object
  runtime: AppRuntime
  viewport: HTMLElement
  /** What the mini program was launched with. */
  launchOptions: object
  /** What it came to the foreground with the last time. */
  enterOptions(): object
}

interface Callbacks {
  success?: (result: object) => void
  complete?: (result: object) => void
}

type ErrorListener = (message: string) => void

/** The APIs of `wx` on the app and the system; they are used where `wx` itself does not have them. */
export function createAppAdditions(options: AppAdditionsOptions): Record<string, unknown> {
  const { wx, runtime, viewport } = options
  const own: unknown = Reflect.get(wx, 'getSystemInfoSync')
  const getSystemInfoSync = (): object =>
    typeof own === 'function' ? own.call(wx) : systemInfoOf(viewport)
  const getSystemInfo = (callbacks?: Callbacks): Promise<object> | undefined => {
    const result = { ...getSystemInfoSync(), errMsg: 'getSystemInfo:ok' }
    // With callbacks, an API returns no promise.
    if (!callbacks?.success && !callbacks?.complete) return Promise.resolve(result)
    runtime.run(() => callbacks.success?.(result))
    runtime.run(() => callbacks.complete?.(result))
    return undefined
  }
  return {
    getSystemInfoSync,
    getSystemInfo,
    getSystemInfoAsync: getSystemInfo,
    getLaunchOptionsSync: () => ({ ...options.launchOptions }),
    getEnterOptionsSync: () => ({ ...options.enterOptions() }),
    onError: (listener: ErrorListener) => void runtime.errorListeners.add(listener),
    offError(listener?: ErrorListener) {
      if (listener) runtime.errorListeners.delete(listener)
      else runtime.errorListeners.clear()
    },
  }
}

function systemInfoOf(viewport: HTMLElement): object {
  const { clientWidth, clientHeight, ownerDocument } = viewport
  const [width, height] = [clientWidth || 375, clientHeight || 724]
  return {
    brand: 'devtools',
    model: 'simulator',
    system: 'iOS 17.0',
    platform: 'devtools',
    language: 'zh_CN',
    version: '8.0.60',
    SDKVersion: '3.8.0',
    pixelRatio: ownerDocument.defaultView?.devicePixelRatio ?? 1,
    screenWidth: width,
    screenHeight: height,
    windowWidth: width,
    windowHeight: height,
    statusBarHeight: 0,
    safeArea: { left: 0, top: 0, right: width, bottom: height, width, height },
  }
}
