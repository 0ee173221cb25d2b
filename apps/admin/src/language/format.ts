import { useMemo } from 'react'
import { languageTags, useLanguage } from './language.ts'

export interface Format {
  /** Date and time of an ISO 8601 string, in the browser's time zone. */
  dateTime(at: string): string
  /** The date of an ISO 8601 string, in the browser's time zone. */
  date(at: string): string
  /** The time of day with seconds. */
  timeOfDay(at: string): string
  /** The time of day of an ISO 8601 string, in the browser's time zone. */
  time(at: string): string
  /** Month and day of a `YYYY-MM-DD`. */
  day(day: string): string
  /** Yesterday, today and tomorrow by name ("tomorrow 18:05"), any other day as `dateTime`. */
  calendarTime(at: string): string
  /** A duration in milliseconds, rounded down in its largest unit: "3 days". */
  duration(ms: number): string
  /** The distance of an ISO 8601 string from now: "3 minutes ago". */
  relative(at: string): string
  /** A number with the separators of the language. */
  number(value: number): string
  /** A number of rows that may have been counted up to a limit only: "1,000+". */
  boundedCount(count: { readonly value: number; readonly isExact: boolean }): string
  /** A share between 0 and 1 as a percentage. */
  percent(share: number): string
  /** A number of bytes with three significant digits in its largest unit (1 kB is 1,024 bytes). */
  bytes(value: number): string
}

const timeUnits = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const
const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** Creates the formatter of numbers and times for a BCP 47 language tag. */
export function createFormat(tag: string): Format {
  const dateTime = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium' })
  const date = new Intl.DateTimeFormat(tag, { dateStyle: 'medium' })
  const timeOfDay = new Intl.DateTimeFormat(tag, { timeStyle: 'medium' })
  const time = new Intl.DateTimeFormat(tag, { timeStyle: 'short' })
  const day = new Intl.DateTimeFormat(tag, { month: 'numeric', day: 'numeric', timeZone: 'UTC' })
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })
  const number = new Intl.NumberFormat(tag)
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 })
  return {
    dateTime: (at) => dateTime.format(new Date(at)),
    date: (at) => date.format(new Date(at)),
    timeOfDay: (at) => timeOfDay.format(new Date(at)),
    time: (at) => time.format(new Date(at)),
    day: (at) => day.format(new Date(at)),
    calendarTime: (at) => {
      const days = daysFromToday(new Date(at))
      if (Math.abs(days) > 1) return dateTime.format(new Date(at))
      return `${relative.format(days, 'day')} ${time.format(new Date(at))}`
    },
    duration: (ms) => {
      const seconds = Math.max(0, ms / 1_000)
      const [unit, size] = timeUnits.find(([, size]) => seconds >= size) ?? ['second', 1]
      return new Intl.NumberFormat(tag, {
        style: 'unit',
        unit,
        unitDisplay: 'long',
        maximumFractionDigits: 0,
      }).format(Math.floor(seconds / size))
    },
    relative: (at) => {
      const seconds = Math.round((Date.parse(at) - Date.now()) / 1_000)
      const [unit, size] = timeUnits.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
      // The clocks of browser and service differ slightly: a time a few seconds ahead is shown as now.
      return relative.format(
        unit === 'second' ? Math.min(0, seconds) : Math.trunc(seconds / size),
        unit,
      )
    },
    number: (value) => number.format(value),
    boundedCount: ({ value, isExact }) => `${number.format(value)}${isExact ? '' : '+'}`,
    percent: (share) => percent.format(share),
    bytes: (value) => {
      const power = Math.min(4, Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)))
      return new Intl.NumberFormat(tag, {
        style: 'unit',
        unit: byteUnits[power] ?? 'byte',
        maximumSignificantDigits: 3,
      }).format(value / 1_024 ** power)
    },
  }
}

function daysFromToday(at: Date): number {
  const noon = (day: Date) => new Date(day).setHours(12, 0, 0, 0)
  return Math.round((noon(at) - noon(new Date())) / 86_400_000)
}

export function useFormat(): Format {
  const language = useLanguage()
  return useMemo(() => createFormat(languageTags[language]), [language])
}
