import { expect, test } from 'vitest'
import { createTokenExpiry } from './token-expiry.ts'

const bearer = (claims: object): string =>
  `Bearer e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`

test('tokens issued in an earlier second are rejected, later ones are not', () => {
  const { expire, outgoing } = createTokenExpiry()
  const old = bearer({ iat: 1_000, sub: '用户' })
  expect(outgoing(old)).toBe(old)
  expire(1_001_500)
  expect(outgoing(old)).not.toBe(old)
  expect(outgoing(bearer({ iat: 1_001 }))).toBe(bearer({ iat: 1_001 }))
})

test('other Authorization values are sent unchanged', () => {
  const { expire, outgoing } = createTokenExpiry()
  expire()
  for (const other of ['', 'Basic abc', 'Bearer x.y.z', bearer({})]) {
    expect(outgoing(other)).toBe(other)
  }
})

test.each([
  [1_000_999, 1_000, true],
  [1_001_000, 1_000, false],
  [1_001_999, 1_000, false],
  [1_001_999, 1_001, true],
])('after expire(%i) a token of second %i is sent unchanged: %s', (now, iat, unchanged) => {
  const { expire, outgoing } = createTokenExpiry()
  expire(now)
  expect(outgoing(bearer({ iat })) === bearer({ iat })).toBe(unchanged)
})

test('claims in base64url with - and _ are read', () => {
  const token = bearer({ sub: '??>>~~', name: '\u00ff\u00fe', iat: 1 })
  expect(token).toMatch(/[-_]/)
  const { expire, outgoing } = createTokenExpiry()
  expire(10_000)
  expect(outgoing(token)).toBe(`${token}.expired`)
})
