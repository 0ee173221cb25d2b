import { describe, expect, it } from 'vitest'
import { serviceKeyMaker } from './service-keys.ts'

const { newKey, hashOf } = serviceKeyMaker

describe('a service key', () => {
  it('has the prefix of a key of this service, and no other spelling', () => {
    const { key, hash } = newKey()
    expect(key).toMatch(/^mk_[0-9A-Za-z]{38}$/)
    expect(hashOf(key)).toBe(hash)
    expect(hash).not.toContain(key.slice(3, 12))
    for (const wrong of [
      `${key} `,
      ` ${key}`,
      `${key}\n`,
      key.toLowerCase(),
      key.slice(3),
      '',
      'mk_',
    ])
      expect(hashOf(wrong)).toBeNull()
  })

  it('has a checksum, in which one other letter anywhere is noticed', () => {
    const { key } = newKey()
    for (let at = 3; at < key.length; at++) {
      const other = key[at] === 'a' ? 'b' : 'a'
      expect(hashOf(key.slice(0, at) + other + key.slice(at + 1))).toBeNull()
    }
  })

  // So that a scanner for secrets can check a text without this code: CRC-32 (IEEE) in base 62, digits first.
  it('has the checksum that the documentation describes', () => {
    const body = `mk_${'A'.repeat(32)}`
    const checksum = '46uQ01'
    expect(hashOf(body + checksum)).not.toBeNull()
  })

  it('is another one each time', () => {
    const keys = Array.from({ length: 100 }, () => newKey().key)
    expect(new Set(keys).size).toBe(100)
  })
})
