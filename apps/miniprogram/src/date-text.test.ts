import { describe, expect, it } from 'vitest'
import { dayText, greeting, minuteText } from './date-text.ts'

describe('dates in words', () => {
  it('are in the time zone of the phone', () => {
    const moment = new Date(2026, 2, 9, 8, 5).toISOString()
    expect(dayText(moment)).toBe('2026年3月9日')
    expect(minuteText(moment)).toBe('2026年3月9日 08:05')
  })

  it('greet by the hour', () => {
    const greetings = [3, 8, 12, 15, 20].map(greeting)
    expect(greetings).toEqual(['夜深了', '早上好', '中午好', '下午好', '晚上好'])
  })
})
