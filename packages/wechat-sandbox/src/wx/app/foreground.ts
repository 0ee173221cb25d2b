import { callSafely } from '../api-call.ts'

/** Milliseconds that the network lives on after the app went to the background. */
const networkGracePeriod = 5_000

/** Whether the app is in the foreground, and what follows from it. */
export interface Foreground {
  hide(): void
  show(opened: object): void
  /** Whether the app has been in the background for so long that it has no network. */
  isNetworkSuspended(): boolean
  onNetworkSuspend(listener: () => void): void
  onShow(listener: (opened: object) => void): void
  offShow(listener?: (opened: object) => void): void
  onHide(listener: () => void): void
  offHide(listener?: () => void): void
}

/** https://developers.weixin.qq.com/miniprogram/dev/framework/ability/network.html */
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
    show(opened) {
      clearTimeout(timer)
      isNetworkSuspended = false
      showListeners.emit(opened)
    },
    isNetworkSuspended: () => isNetworkSuspended,
    onNetworkSuspend: suspendListeners.add,
    onShow: showListeners.add,
    offShow: showListeners.remove,
    onHide: hideListeners.add,
    offHide: hideListeners.remove,
  }
}

export interface ListenerSet<T> {
  add(listener: (value: T) => void): void
  /** All of them where none is named, as the phone's `off…` do. */
  remove(listener?: (value: T) => void): void
  emit(value: T): void
}

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
