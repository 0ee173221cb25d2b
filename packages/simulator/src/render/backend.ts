import type { domlikeBackend } from 'glass-easel'
import { rpxToCss } from './rpx.ts'

/** The interface through which glass-easel renders. */
export type Backend = domlikeBackend.Context
export type BackendElement = domlikeBackend.Element

// Browser events that are forwarded under the same name. All other events are dispatched by gestures
// or built-in components, never directly by the browser.
const PASSED_ON = ['transitionend', 'animationstart', 'animationiteration', 'animationend']

/** Options of {@link createBackend}. */
export interface BackendOptions {
  document: Document
  viewport: HTMLElement
  theme(): string
  dispatch(element: Element, type: string, detail: unknown): void
}

/** Creates the backend of glass-easel: elements of `document`, every tag with the prefix `wx-`. */
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
    // DOM changes are synchronous, so a render callback waits for the current task only.
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
