import { guarded } from '../call.ts'

/** Milliseconds that the network lives on after the app went to the background. */
const grace = 5_000

/** Whether the app is in the foreground, and what follows from it. */
export interface Foreground {
  hide(): void
  show(opened: object): void
  /** Whether the app has been in the background for so long that it has no network. */
  isCutOff(): boolean
  onCutOff(listener: () => void): void
  onShow(listener: (opened: object) => void): void
  offShow(listener?: (opened: object) => void): void
  onHide(listener: () => void): void
  offHide(listener?: () => void): void
}

/** https://developers.weixin.qq.com/miniprogram/dev/framework/ability/network.html */
export function createForeground(): Foreground {
  const showing = createListeners<object>()
  const hiding = createListeners<undefined>()
  const cutting = createListeners<undefined>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let isCutOff = false

  return {
    hide() {
      clearTimeout(timer)
      timer = setTimeout(() => {
        isCutOff = true
        cutting.tell(undefined)
      }, grace)
      hiding.tell(undefined)
    },
    show(opened) {
      clearTimeout(timer)
      isCutOff = false
      showing.tell(opened)
    },
    isCutOff: () => isCutOff,
    onCutOff: cutting.add,
    onShow: showing.add,
    offShow: showing.remove,
    onHide: hiding.add,
    offHide: hiding.remove,
  }
}

export interface Listeners<T> {
  add(listener: (value: T) => void): void
  /** All of them where none is named, as the phone's `off…` do. */
  remove(listener?: (value: T) => void): void
  tell(value: T): void
}

export function createListeners<T>(): Listeners<T> {
  const listeners = new Set<(value: T) => void>()
  return {
    add: (listener) => void listeners.add(listener),
    remove: (listener) => (listener ? void listeners.delete(listener) : listeners.clear()),
    tell(value) {
      for (const listener of [...listeners]) guarded(listener, value)
    },
  }
}
