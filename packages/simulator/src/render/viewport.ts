import { VIEWPORT_CLASS } from '../viewport-class.ts'
import { BASE_STYLE } from './base-style.ts'

/** The rectangle that contains the pages. */
export interface Viewport {
  element: HTMLElement
  document: Document
  remove(): void
}

/**
 * Creates the viewport: an iframe with its own document, so that `100vh`, `position: fixed` and styles
 * work as on a phone; or a plain element, where `isolated` is false.
 */
export function createViewport(container: HTMLElement, isolated: boolean): Viewport {
  if (!isolated) return fill(container, container.ownerDocument, () => undefined)
  const frame = container.ownerDocument.createElement('iframe')
  frame.title = 'Mini program'
  frame.className = 'sim-frame'
  container.append(frame)
  const document = frame.contentDocument
  if (!document) throw new Error('the container must be in a document to hold a frame')
  // Written synchronously, because some browsers replace the document of an empty iframe when it loads.
  document.open()
  document.write('<!doctype html><html lang="zh-CN"><title>Mini program</title><body>')
  document.close()
  Object.assign(document.documentElement.style, { height: '100%', overflow: 'hidden' })
  Object.assign(document.body.style, { height: '100%', margin: '0' })
  return fill(document.body, document, () => frame.remove())
}

function fill(parent: HTMLElement, document: Document, remove: () => void): Viewport {
  const element = document.createElement('div')
  element.className = VIEWPORT_CLASS
  const style = document.createElement('style')
  style.textContent = BASE_STYLE
  element.append(style)
  parent.append(element)
  return {
    element,
    document,
    remove() {
      element.remove()
      remove()
    },
  }
}
