/**
 * Readers of URL search parameters. An invalid value counts as absent. Written by hand instead of with zod: the
 * router needs them before the first page, and the schemas would be larger than the rest of that code.
 */

/**
 * Trimmed text of at most `maxLength` characters. TanStack Router parses digits as a number, so numbers are
 * accepted.
 */
export function textParam(value: unknown, maxLength: number): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string') return undefined
  const trimmed = text.trim()
  return trimmed.length > 0 && trimmed.length <= maxLength ? trimmed : undefined
}

export function choiceParam<T extends string | number>(
  value: unknown,
  choices: readonly T[],
): T | undefined {
  return choices.find((choice) => choice === value)
}

/** An ISO 8601 time, converted to UTC as the service expects it. */
export function timeParam(value: unknown): string | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}

/** A day of the calendar as `YYYY-MM-DD`. */
export function dayParam(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return undefined
  const ms = Date.parse(value)
  // The 30th of February is read as a day of March, or not at all.
  const isDay = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(value)
  return isDay ? value : undefined
}

/** Removes undefined values, so that absent parameters do not appear in the URL and are optional in a link's type. */
export function omitUndefined<T extends object>(
  values: T,
): { [K in keyof T]?: Exclude<T[K], undefined> | undefined } {
  const defined = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(defined) as T
}
