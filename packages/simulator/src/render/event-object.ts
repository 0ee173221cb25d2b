import type { GeneralComponent, ShadowedEvent } from 'glass-easel'

interface EventTarget {
  id: string
  dataset: Record<string, unknown>
  offsetLeft: number
  offsetTop: number
}

// The target is an element, or the `this` of a component's code.
type RawTarget = { id: string; dataset: Record<string, unknown> | null; $$?: unknown } & {
  _$?: GeneralComponent
}

function describeTarget(target: RawTarget): EventTarget {
  const node = (target._$?.$$ ?? target.$$) as { offsetLeft?: number; offsetTop?: number } | null
  return {
    id: target.id,
    dataset: { ...target.dataset },
    offsetLeft: node?.offsetLeft ?? 0,
    offsetTop: node?.offsetTop ?? 0,
  }
}

/** Builds the plain event object that a handler gets, without elements of the renderer. */
export function describeEvent(event: ShadowedEvent<unknown>): Record<string, unknown> {
  return {
    type: event.type,
    timeStamp: event.timeStamp,
    detail: event.detail ?? {},
    mark: event.mark ?? {},
    target: describeTarget(event.target as unknown as RawTarget),
    currentTarget: describeTarget(event.currentTarget as unknown as RawTarget),
    ...event.extraFields,
  }
}
