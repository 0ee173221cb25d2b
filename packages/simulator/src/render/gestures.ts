import { Component, type GeneralComponent } from 'glass-easel'
import type { BackendElement } from './backend.ts'

type Dispatch = (
  target: Element,
  type: string,
  detail: unknown,
  extraFields?: Record<string, unknown>,
) => void

const LONG_PRESS_MS = 350
/** Pixels that a finger may move during a press. */
const TAP_TOLERANCE = 10

const DEFAULT_HOVERS = ['button-hover', 'navigator-hover']

const touchOf = (event: PointerEvent) => ({
  identifier: event.pointerId,
  clientX: event.clientX,
  clientY: event.clientY,
  pageX: event.pageX,
  pageY: event.pageY,
})

/**
 * Dispatches WeChat's tap, longpress and touch events for click and pointer events. A tap is a click,
 * so a keyboard, a script and a screen reader can tap too.
 */
export function listenForGestures(viewport: HTMLElement, dispatch: Dispatch): void {
  const press = createPress(viewport, dispatch)

  viewport.addEventListener('click', (event) => {
    const target = event.target as Element
    if (target.closest('wx-button[disabled]')) return
    const detail = { x: event.clientX, y: event.clientY }
    const touch = { identifier: 0, ...detail, pageX: event.pageX, pageY: event.pageY }
    dispatch(target, 'tap', detail, { touches: [touch], changedTouches: [touch] })
  })
  viewport.addEventListener('pointerdown', (event) => press.start(event))
  viewport.addEventListener('pointermove', (event) => press.move(event))
  viewport.addEventListener('pointerup', (event) => press.end(event, 'touchend'))
  viewport.addEventListener('pointercancel', (event) => press.end(event, 'touchcancel'))
}

function createPress(viewport: HTMLElement, dispatch: Dispatch) {
  let origin: { target: Element; x: number; y: number } | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let release = (): void => undefined

  const send = (type: string, event: PointerEvent, touches: object[]): void => {
    if (!origin) return
    dispatch(origin.target, type, {}, { touches, changedTouches: [touchOf(event)] })
  }

  return {
    start(event: PointerEvent) {
      const target = event.target as Element
      origin = { target, x: event.clientX, y: event.clientY }
      release = hover(target, viewport)
      send('touchstart', event, [touchOf(event)])
      timer = setTimeout(() => {
        dispatch(target, 'longpress', { x: event.clientX, y: event.clientY })
      }, LONG_PRESS_MS)
    },
    move(event: PointerEvent) {
      if (!origin) return
      send('touchmove', event, [touchOf(event)])
      if (Math.hypot(event.clientX - origin.x, event.clientY - origin.y) > TAP_TOLERANCE) {
        clearTimeout(timer)
        release()
      }
    },
    end(event: PointerEvent, type: 'touchend' | 'touchcancel') {
      clearTimeout(timer)
      release()
      send(type, event, [])
      origin = undefined
    },
  }
}

/** Adds the hover-class of every component under the finger; returns a function that removes it. */
function hover(target: Element, viewport: HTMLElement): () => void {
  const undo: (() => void)[] = []
  for (let node: Element | null = target; node && node !== viewport; node = node.parentElement) {
    const component = (node as Element & Pick<BackendElement, '__wxElement'>).__wxElement
    if (!Component.isComponent(component as GeneralComponent) || node.hasAttribute('disabled')) {
      continue
    }
    const name: unknown = (component as GeneralComponent).data['hoverClass']
    if (typeof name === 'string' && name !== '' && name !== 'none') {
      undo.push(addHover(node, component as GeneralComponent, name))
    }
  }
  return () => {
    for (const remove of undo.splice(0)) remove()
  }
}

function addHover(node: Element, component: GeneralComponent, name: string): () => void {
  // WeChat's default classes belong to no page, so they have no scope prefix.
  if (DEFAULT_HOVERS.includes(name)) {
    node.classList.add(name)
    return () => node.classList.remove(name)
  }
  component.toggleNodeClass(name, true)
  return () => component.toggleNodeClass(name, false)
}
