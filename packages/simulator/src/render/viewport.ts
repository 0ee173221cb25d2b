import { VIEWPORT_CLASS } from '../viewport-class.ts'
import { BASE_STYLE } from './base-style.ts'

export interface Viewport {
  element: HTMLElement
  document: Document
  remove(): void
}

/**
 * The rectangle that holds the pages: a frame with a document of its own, so that `100vh`,
 * `position: fixed` and the styles mean what they mean on a phone; or a plain element, where
 * `isolated` is false.
 */
export function createViewport(container: HTMLElement, isolated: boolean): Viewport {
  if (!isolated) return fill(container, container.ownerDocument, () => undefined)
  const frame = container.ownerDocument.createElement('iframe')
  frame.title = 'Mini program'
  frame.className = 'sim-frame'
  container.append(frame)
  const document = frame.contentDocument
  if (!document) throw new Error('the container must be in a document to hold a frame')
  // Written at once: an empty frame would be replaced, in some browsers, by its own load.
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
