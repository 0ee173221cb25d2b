import { callSafely } from '../api-call.ts'

/** Milliseconds from the background until the network is suspended. */
const networkGracePeriod = 5_000

/** Whether the app is in the foreground, and its listeners. */
export interface Foreground {
  /** The app goes to the background. */
  hide(): void
  /** The app returns to the foreground; `launchOptions` go to the listeners. */
  show(launchOptions: object): void
  /** Whether the app has been in the background for five seconds and has no network. */
  isNetworkSuspended(): boolean
  /** Calls `listener` when the network is suspended. */
  onNetworkSuspend(listener: () => void): void
  /** Calls `listener` after each `show`. */
  onShow(listener: (launchOptions: object) => void): void
  /** Removes `listener`, or all listeners. */
  offShow(listener?: (launchOptions: object) => void): void
  /** Calls `listener` after each `hide`. */
  onHide(listener: () => void): void
  /** Removes `listener`, or all listeners. */
  offHide(listener?: () => void): void
}

/** @see https://developers.weixin.qq.com/miniprogram/dev/framework/ability/network.html */
export function createForeground(): Foreground {
  const showListeners = createListenerSet<object>()
  const hideListeners = createListenerSet<undefined>()
  const suspendListeners = createListenerSet<undefined>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let isNetworkSuspended = false

  return {
    hide() {
      clearTimeout(timer)
      timer = setTimeout(() => {
        isNetworkSuspended = true
        suspendListeners.emit(undefined)
      }, networkGracePeriod)
      hideListeners.emit(undefined)
    },
    show(launchOptions) {
      clearTimeout(timer)
      isNetworkSuspended = false
      showListeners.emit(launchOptions)
    },
    isNetworkSuspended: () => isNetworkSuspended,
    onNetworkSuspend: suspendListeners.add,
    onShow: showListeners.add,
    offShow: showListeners.remove,
    onHide: hideListeners.add,
    offHide: hideListeners.remove,
  }
}

/** The listeners of one event. */
export interface ListenerSet<T> {
  /** Adds a listener once. */
  add(listener: (value: T) => void): void
  /** Removes `listener`; without one, all listeners, as the `off…` methods on the phone do. */
  remove(listener?: (value: T) => void): void
  /** Calls every listener; an error of one does not stop the others. */
  emit(value: T): void
}

/** Creates an empty set of listeners. */
export function createListenerSet<T>(): ListenerSet<T> {
  const listeners = new Set<(value: T) => void>()
  return {
    add: (listener) => void listeners.add(listener),
    remove: (listener) => (listener ? void listeners.delete(listener) : listeners.clear()),
    emit(value) {
      for (const listener of [...listeners]) callSafely(listener, value)
    },
  }
}
