import { generateKeyPair, jwtVerify, SignJWT } from 'jose'
import { expect, it } from 'vitest'
import { hasLowS, withLowS } from './low-s.ts'

it('of the two signatures that verify, only the low-s one is made and accepted', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const sign = (n: number) =>
    new SignJWT({ n }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
  const signed = await Promise.all(Array.from({ length: 200 }, (_, n) => sign(n)))
  const lower = (token: string) => {
    const at = token.lastIndexOf('.') + 1
    const signature = withLowS(Buffer.from(token.slice(at), 'base64url'))
    return token.slice(0, at) + signature.toString('base64url')
  }
  const lowered = signed.map(lower)
  // Half of all signatures have the greater s: that none of 200 has comes once in 2^200.
  expect(signed.filter(hasLowS).length).toBeLessThan(200)
  expect(lowered.filter((token, n) => token === signed[n]).length).toBeLessThan(200)
  expect(lowered.every(hasLowS)).toBe(true)
  expect(lowered.map(lower)).toEqual(lowered)
  for (const [n, token] of lowered.entries())
    expect((await jwtVerify(token, publicKey)).payload).toEqual({ n })
})

it.each(['', 'a.b.', 'a.b.AAAA', `a.b.${Buffer.alloc(65).toString('base64url')}`])(
  'a signature of another length is refused: %s',
  (token) => expect(hasLowS(token)).toBe(false),
)

/** ⌊n ÷ 2⌋ for the order n of P-256 (SEC 2 §2.4.2), which is odd. */
const half = '7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8'
const aboveHalf = `${half.slice(0, -1)}9`
const largest = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550'
const one = '1'.padStart(64, '0')
const r = 'ab'.repeat(32)
const tokenOf = (s: string) => `a.b.${Buffer.from(r + s, 'hex').toString('base64url')}`

it.each([
  [one, one],
  [half, half],
  [aboveHalf, half],
  [largest, one],
])('s = %s becomes %s, and r stays', (s, lower) => {
  expect(withLowS(Buffer.from(r + s, 'hex')).toString('hex')).toBe(r + lower)
  expect(hasLowS(tokenOf(s))).toBe(s === lower)
})
