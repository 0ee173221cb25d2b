const dayMs = 24 * 3_600_000
/** UTC+8, Beijing time, without daylight saving. WeChat's daily quotas restart at its midnight. */
const beijingMs = 8 * 3_600_000

/** The number of a day since the epoch, from midnight to midnight in UTC+8. */
export const dayNumber = (ms: number): number => Math.floor((ms + beijingMs) / dayMs)

/** The day with this number as `YYYY-MM-DD`, and the reverse. */
export const dayName = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)
export const numberOfDay = (name: string): number => Math.floor(Date.parse(name) / dayMs)

export const dayOf = (ms: number): string => dayName(dayNumber(ms))

/** This many days, oldest first. The last one contains `ms`. */
export function daysUntil(ms: number, days: number): readonly string[] {
  const last = dayNumber(ms)
  return Array.from({ length: days }, (_, index) => dayName(last - days + 1 + index))
}
