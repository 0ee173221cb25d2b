import { Event } from 'glass-easel'
import type { BackendElement } from './backend.ts'

/** Sends a bubbling event to whatever component or node `start` is, or lies in. */
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
