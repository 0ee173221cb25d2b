import type { domlikeBackend } from 'glass-easel'
import { rpxToCss } from './rpx.ts'

export type Backend = domlikeBackend.Context
export type BackendElement = domlikeBackend.Element

// Events of the browser that a mini program listens to under the same name. All others are
// dispatched by gestures or by built-in components, never straight from the browser.
const PASSED_ON = ['transitionend', 'animationstart', 'animationiteration', 'animationend']

export interface BackendOptions {
  document: Document
  viewport: HTMLElement
  theme(): string
  dispatch(element: Element, type: string, detail: unknown): void
}

/** Where glass-easel draws: real elements of `document`, every tag with the prefix `wx-`. */
export function createBackend(options: BackendOptions): Backend {
  const { document, viewport } = options

  const createElement = (tag: string): HTMLElement => {
    const element = document.createElement(tag.startsWith('wx-') ? tag : `wx-${tag}`)
    const setAttribute = element.setAttribute.bind(element)
    element.setAttribute = (name, value) =>
      setAttribute(name, name === 'style' ? rpxToCss(value) : value)
    return element
  }

  const factory = {
    createElement,
    createTextNode: (content: string) => document.createTextNode(content),
    createDocumentFragment: () => document.createDocumentFragment(),
  }

  return {
    mode: 3,
    document: factory as unknown as Backend['document'],
    destroy: () => undefined,
    getWindowWidth: () => viewport.clientWidth,
    getWindowHeight: () => viewport.clientHeight,
    getDevicePixelRatio: () => document.defaultView?.devicePixelRatio ?? 1,
    getTheme: options.theme,
    registerStyleSheetContent: () => undefined,
    appendStyleSheetPath: () => 0,
    disableStyleSheet: () => undefined,
    // Elements change at once, so what waits for the rendering waits for the current task only.
    render: (done) => void Promise.resolve(null).then(done),
    getRootNode: () => viewport as unknown as BackendElement,
    associateValue(element, value) {
      element.__wxElement = value
    },
    onEvent: () => undefined,
    setListenerStats(element, type) {
      if (!PASSED_ON.includes(type)) return
      const target = element as unknown as HTMLElement
      target.addEventListener(type, (event) => {
        if (event.target === target) options.dispatch(target, type, {})
      })
    },
    setModelBindingStat: () => undefined,
  }
}
