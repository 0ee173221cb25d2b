import { expect, test } from 'vitest'
import { createOneTimeCodes } from './one-time-codes.ts'

const holder = { appId: 'wx6d69616e6d690001', user: 'ann' }
const lifetime = 5 * 60_000

function withClock() {
  let time = 1_000
  const codes = createOneTimeCodes(() => time)
  return {
    codes,
    setTime: (ms: number) => {
      time = 1_000 + ms
    },
  }
}

test('a code is valid until the last millisecond of five minutes', () => {
  const { codes, setTime } = withClock()
  const code = codes.issue(holder)
  setTime(lifetime - 1)
  expect(codes.peek(code, holder.appId)).toEqual({ ok: true, user: 'ann' })
  setTime(lifetime)
  expect(codes.peek(code, holder.appId)).toEqual({ ok: false, reason: 'unknown' })
  expect(codes.redeem(code, holder.appId)).toEqual({ ok: false, reason: 'unknown' })
})

test('peek does not use a code, redeem does', () => {
  const { codes } = withClock()
  const code = codes.issue(holder)
  expect(codes.peek(code, holder.appId)).toEqual({ ok: true, user: 'ann' })
  expect(codes.redeem(code, holder.appId)).toEqual({ ok: true, user: 'ann' })
  expect(codes.peek(code, holder.appId)).toEqual({ ok: false, reason: 'used' })
  expect(codes.redeem(code, holder.appId)).toEqual({ ok: false, reason: 'used' })
})

test('a code of another app is not used, and the reason does not tell whether it was', () => {
  const { codes } = withClock()
  const code = codes.issue(holder)
  const otherApp = { ok: false, reason: 'otherApp' }
  expect(codes.redeem(code, 'wx6d69616e6d690002')).toEqual(otherApp)
  expect(codes.redeem(code, holder.appId)).toEqual({ ok: true, user: 'ann' })
  expect(codes.redeem(code, 'wx6d69616e6d690002')).toEqual(otherApp)
})

test('issuing a code keeps the earlier codes that have not expired', () => {
  const { codes, setTime } = withClock()
  const expired = codes.issue(holder)
  setTime(1)
  const valid = codes.issue({ ...holder, user: 'bob' })
  setTime(lifetime)
  codes.issue(holder)
  expect(codes.peek(expired, holder.appId)).toEqual({ ok: false, reason: 'unknown' })
  expect(codes.peek(valid, holder.appId)).toEqual({ ok: true, user: 'bob' })
})
