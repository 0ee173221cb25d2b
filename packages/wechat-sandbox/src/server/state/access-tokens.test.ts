import { expect, test } from 'vitest'
import { createAccessTokens } from './access-tokens.ts'

const minute = 60_000
const app = 'wx6d69616e6d690001'

function withClock() {
  let time = 0
  const tokens = createAccessTokens(() => time)
  return {
    tokens,
    pass: (ms: number) => {
      time += ms
    },
  }
}

test('in its last five minutes a stable token gets a successor and stays valid itself', () => {
  const { tokens, pass } = withClock()
  const old = tokens.stable(app, false).access_token
  pass(115 * minute)
  const fresh = tokens.stable(app, false)
  expect(fresh.access_token).not.toBe(old)
  expect(fresh.expires_in).toBe(7200)
  expect(tokens.check(old)).toBe(app)
  pass(5 * minute)
  expect(() => tokens.check(old)).toThrow('access_token expired')
  expect(tokens.check(fresh.access_token)).toBe(app)
})

test('a forced refresh invalidates the previous token at once', () => {
  const { tokens, pass } = withClock()
  const old = tokens.stable(app, false).access_token
  pass(31_000)
  const fresh = tokens.stable(app, true).access_token
  expect(fresh).not.toBe(old)
  expect(() => tokens.check(old)).toThrow('invalid credential')
})

test('a forced refresh within 30 seconds changes nothing', () => {
  const { tokens, pass } = withClock()
  const old = tokens.stable(app, false).access_token
  pass(29_999)
  expect(tokens.stable(app, true).access_token).toBe(old)
  pass(1)
  expect(tokens.stable(app, true).access_token).not.toBe(old)
})

test('a plain token stays valid for five minutes after its successor was issued', () => {
  const { tokens, pass } = withClock()
  const old = tokens.plain(app).access_token
  tokens.plain(app)
  pass(5 * minute - 1)
  expect(tokens.check(old)).toBe(app)
  pass(1)
  expect(() => tokens.check(old)).toThrow('access_token expired')
})

test('stable and plain tokens are independent', () => {
  const { tokens, pass } = withClock()
  const stable = tokens.stable(app, false).access_token
  tokens.plain(app)
  tokens.plain(app)
  pass(10 * minute)
  expect(tokens.check(stable)).toBe(app)
  expect(tokens.stable(app, false).access_token).toBe(stable)
})

test('a token can be forced 20 times a day, which begins at midnight in Beijing', () => {
  const { tokens, pass } = withClock()
  pass(10 * 60 * minute)
  tokens.stable(app, false)
  for (let time = 0; time < 20; time += 1) {
    pass(31_000)
    tokens.stable(app, true)
  }
  pass(31_000)
  expect(() => tokens.stable(app, true)).toThrow('daily quota')
  expect(tokens.stable(app, false).expires_in).toBeLessThan(7200)
  pass(6 * 60 * minute)
  tokens.stable(app, false)
  pass(31_000)
  expect(tokens.stable(app, true).expires_in).toBe(7200)
})

test('after all tokens have expired, both kinds are issued again', () => {
  const { tokens } = withClock()
  const old = [tokens.stable(app, false), tokens.plain(app)].map((each) => each.access_token)
  tokens.expireAll()
  for (const token of old) expect(() => tokens.check(token)).toThrow('access_token expired')
  const fresh = [tokens.stable(app, false), tokens.plain(app)].map((each) => each.access_token)
  for (const token of fresh) expect(tokens.check(token)).toBe(app)
})

test('a stable token is returned until five minutes before it expires', () => {
  const { tokens, pass } = withClock()
  const old = tokens.stable(app, false).access_token
  pass(115 * minute - 1)
  expect(tokens.stable(app, false)).toEqual({ access_token: old, expires_in: 300 })
  pass(1)
  expect(tokens.stable(app, false).access_token).not.toBe(old)
})

test('a missing, an unknown and an expired token have different errors', () => {
  const { tokens, pass } = withClock()
  const token = tokens.plain(app).access_token
  pass(120 * minute - 1)
  expect(tokens.check(token)).toBe(app)
  pass(1)
  expect(() => tokens.check(token)).toThrow(expect.objectContaining({ errcode: 42001 }))
  expect(() => tokens.check('unknown')).toThrow(expect.objectContaining({ errcode: 40001 }))
  expect(() => tokens.check(undefined)).toThrow(expect.objectContaining({ errcode: 41001 }))
})

test('the tokens of two apps are separate', () => {
  const { tokens } = withClock()
  const other = 'wx6d69616e6d690002'
  const token = tokens.stable(other, false).access_token
  expect(tokens.stable(app, false).access_token).not.toBe(token)
  expect(tokens.check(token)).toBe(other)
})
