const dayMs = 24 * 3_600_000
/** UTC+8, Beijing time, without daylight saving. WeChat's daily quotas restart at its midnight. */
const beijingMs = 8 * 3_600_000

/** The number of a day since the epoch, from midnight to midnight in UTC+8. */
export const dayNumber = (ms: number): number => Math.floor((ms + beijingMs) / dayMs)

/** The day with this number as `YYYY-MM-DD`, and the reverse. */
export const dayName = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)
export const numberOfDay = (name: string): number => Math.floor(Date.parse(name) / dayMs)

export const dayOf = (ms: number): string => dayName(dayNumber(ms))

/** Days as `YYYY-MM-DD`, both included. Without a day where `from` is after `to`. */
export interface DayRange {
  readonly from: string
  readonly to: string
}

/** The days of a range, oldest first. */
export function daysOf({ from, to }: DayRange): readonly string[] {
  const first = numberOfDay(from)
  const length = Math.max(0, numberOfDay(to) - first + 1)
  return Array.from({ length }, (_, index) => dayName(first + index))
}
