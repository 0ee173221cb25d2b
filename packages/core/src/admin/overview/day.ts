const dayMs = 24 * 3_600_000
/** Beijing's time, which knows no summer: WeChat's daily quotas begin anew at its midnight. */
const beijingMs = 8 * 3_600_000

/** The day, from midnight to midnight in UTC+8, as its number since the epoch. */
export const dayNumber = (ms: number): number => Math.floor((ms + beijingMs) / dayMs)

/** `YYYY-MM-DD` of such a number, and back. */
export const dayName = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)
export const numberOfDay = (name: string): number => Math.floor(Date.parse(name) / dayMs)

export const dayOf = (ms: number): string => dayName(dayNumber(ms))

/** The days that end with the one of `ms`, the oldest first. */
export function daysUntil(ms: number, days: number): readonly string[] {
  const last = dayNumber(ms)
  return Array.from({ length: days }, (_, index) => dayName(last - days + 1 + index))
}
