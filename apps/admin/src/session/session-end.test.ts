import { expect, test } from 'vitest'
import { sessionEnd } from './session-end.ts'

const minute = 60_000
const session = { idleTtl: 30 * minute, expiresAt: new Date(720 * minute).toISOString() }

test('a session ends one idle time-out after the last response', () => {
  expect(sessionEnd(session, 20 * minute, 10 * minute)).toEqual({
    left: 20 * minute,
    isFinal: false,
  })
})

test('a session that was idle for longer has ended', () => {
  expect(sessionEnd(session, 41 * minute, 10 * minute).left).toBeLessThan(0)
})

test('no call extends the maximum lifetime', () => {
  expect(sessionEnd(session, 719 * minute, 718 * minute)).toEqual({ left: minute, isFinal: true })
})
