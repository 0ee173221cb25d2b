import { describe, expect, it } from 'vitest'
import { dayName, dayNumber, dayOf, daysOf, numberOfDay } from './day.ts'

/** Midnight of 2027-01-16 in UTC+8. */
const midnight = Date.UTC(2027, 0, 15, 16)

describe('a day', () => {
  it('begins and ends at midnight in UTC+8', () => {
    expect(dayOf(midnight - 1)).toBe('2027-01-15')
    expect(dayOf(midnight)).toBe('2027-01-16')
    expect(dayNumber(midnight)).toBe(dayNumber(midnight - 1) + 1)
  })

  it('has a number and a name that stand for each other', () => {
    expect(numberOfDay('2027-01-16')).toBe(dayNumber(midnight))
    expect(dayName(numberOfDay('2028-02-29'))).toBe('2028-02-29')
    expect(dayName(0)).toBe('1970-01-01')
  })

  it('is listed between two days, both included, the oldest first', () => {
    const days = ['2026-12-31', '2027-01-01', '2027-01-02']
    expect(daysOf({ from: '2026-12-31', to: '2027-01-02' })).toEqual(days)
    expect(daysOf({ from: '2027-01-16', to: '2027-01-16' })).toEqual(['2027-01-16'])
    expect(daysOf({ from: '2027-01-17', to: '2027-01-16' })).toEqual([])
  })
})
