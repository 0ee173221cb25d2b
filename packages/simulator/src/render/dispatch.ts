import { Event } from 'glass-easel'
import type { BackendElement } from './backend.ts'

/** Dispatches a bubbling event at the closest component or node that contains `start`. */
export function dispatchFrom(
  start: Element | null,
  type: string,
  detail: unknown,
  extraFields: Record<string, unknown> = {},
): void {
  let node = start as (Element & Pick<BackendElement, '__wxElement'>) | null
  while (node && !node.__wxElement) node = node.parentElement
  if (!node?.__wxElement) return
  const options = { bubbles: true, composed: true, capturePhase: true, extraFields }
  Event.dispatchEvent(node.__wxElement, new Event(type, detail, options))
}
