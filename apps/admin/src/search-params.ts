/**
 * What the address says of a page, each value checked; what does not fit is left out. By hand: the router needs
 * it before the first page, and the service's schemas would weigh more than all the rest of it.
 */

/** Digits alone arrive as a number. */
export function textParam(value: unknown, longest: number): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string') return undefined
  const trimmed = text.trim()
  return trimmed.length > 0 && trimmed.length <= longest ? trimmed : undefined
}

export function choiceParam<T extends string | number>(
  value: unknown,
  choices: readonly T[],
): T | undefined {
  return choices.find((choice) => choice === value)
}

/** An ISO 8601 time in UTC, as the service takes it. */
export function timeParam(value: unknown): string | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}

/** Without what is not there, so that a link need not name it either. */
export function omitUndefined<T extends object>(
  values: T,
): { [K in keyof T]?: Exclude<T[K], undefined> | undefined } {
  const there = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(there) as T
}
