import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { expect, it } from 'vitest'
import { concatenatedSignature } from './der-signature.ts'

it('a signature of OpenSSL verifies after it is concatenated', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const
  // One signature in 128 has a half that begins with a zero byte.
  for (let n = 0; n < 600; n += 1) {
    const data = Buffer.from(String(n))
    const signature = concatenatedSignature(sign('sha256', data, privateKey))
    expect(signature).toHaveLength(64)
    expect(verify('sha256', data, key, signature)).toBe(true)
  }
})

const integer = (hex: string): string => `02${(hex.length / 2).toString(16).padStart(2, '0')}${hex}`
const sequence = (r: string, s: string): Buffer => {
  const body = integer(r) + integer(s)
  return Buffer.from(`30${(body.length / 2).toString(16).padStart(2, '0')}${body}`, 'hex')
}

const full = '7f'.repeat(32)
const padded = `00${'ff'.repeat(32)}`

it.each([
  ['full', full, full],
  ['with a zero in front', padded, padded.slice(2)],
  ['short', '01', '01'.padStart(64, '0')],
  ['short, with a zero in front', '0080', '80'.padStart(64, '0')],
  ['one byte short', '7f'.repeat(31), `00${'7f'.repeat(31)}`],
])('an integer that is %s has 32 bytes, as r and as s', (_, encoded, half) => {
  const other = '11'.repeat(32)
  expect(concatenatedSignature(sequence(encoded, other)).toString('hex')).toBe(half + other)
  expect(concatenatedSignature(sequence(other, encoded)).toString('hex')).toBe(other + half)
})
