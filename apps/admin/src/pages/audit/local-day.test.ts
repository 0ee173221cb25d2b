import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { localDay } from './local-day.ts'

// A machine at UTC would not notice a wrong sign of the offset.
beforeEach(() => void vi.stubEnv('TZ', 'Asia/Shanghai'))
afterEach(() => void vi.unstubAllEnvs())

test('a day begins at midnight in the time zone of the browser', () => {
  expect(localDay('2026-11-22T15:59:59.999Z')).toBe('2026-11-22')
  expect(localDay('2026-11-22T16:00:00.000Z')).toBe('2026-11-23')
})
