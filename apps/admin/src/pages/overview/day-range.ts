const dayMs = 24 * 3_600_000
/** Days are from midnight to midnight in UTC+8, as WeChat's daily quotas. */
const beijingMs = 8 * 3_600_000

/** The longest period that the service accepts, in days. */
export const maxDays = 366

/** Days as `YYYY-MM-DD`, both included. */
export interface DayRange {
  readonly from: string
  readonly to: string
}

const numberOf = (day: string): number => Date.parse(day) / dayMs

export const today = (): string => new Date(Date.now() + beijingMs).toISOString().slice(0, 10)

/** This many days, of which the last one is today. */
export function lastDays(days: number): DayRange {
  const to = today()
  return { from: new Date(Date.parse(to) - (days - 1) * dayMs).toISOString().slice(0, 10), to }
}

/** What is wrong with a range; null for nothing. */
export function faultOf({ from, to }: DayRange): 'wrongOrder' | 'tooLong' | 'afterToday' | null {
  if (from > to) return 'wrongOrder'
  if (to > today()) return 'afterToday'
  return numberOf(to) - numberOf(from) < maxDays ? null : 'tooLong'
}

/** The first and the last moment of a range, in ISO 8601. */
export function momentsOf({ from, to }: DayRange): DayRange {
  const midnight = (day: string) => Date.parse(day) - beijingMs
  return {
    from: new Date(midnight(from)).toISOString(),
    to: new Date(midnight(to) + dayMs - 1).toISOString(),
  }
}
