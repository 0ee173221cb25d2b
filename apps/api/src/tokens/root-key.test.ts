import { beforeEach, describe, expect, it } from 'vitest'
import { createRootKey, type KeyPurpose } from './root-key.ts'

let root: ReturnType<typeof createRootKey>
beforeEach(() => {
  root = createRootKey(new Uint8Array(32).fill(1))
})
const purposes: readonly KeyPurpose[] = [
  'refresh token',
  'ticket',
  'signing key',
  'session key',
  'phone',
  'second factor',
  'recovery code',
  'root id',
]

describe('root key', () => {
  it('opens what it sealed, and seals the same text differently each time', () => {
    const sealed = root.seal('signing key', 'plain 明文')
    expect(root.open('signing key', sealed)).toBe('plain 明文')
    expect(root.seal('signing key', 'plain 明文')).not.toBe(sealed)
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('plain')
  })

  it('does not open a text that was changed, cut, or sealed for another purpose or under another key', () => {
    const sealed = root.seal('signing key', 'plain')
    const bytes = Buffer.from(sealed, 'base64url')
    for (let i = 0; i < bytes.length; i++) {
      const altered = Buffer.from(bytes)
      altered.writeUInt8(altered.readUInt8(i) ^ 1, i)
      expect(() => root.open('signing key', altered.toString('base64url'))).toThrow()
    }
    expect(() => root.open('signing key', sealed.slice(0, 20))).toThrow()
    expect(() => root.open('signing key', '')).toThrow()
    expect(() => root.open('ticket', sealed)).toThrow()
    const other = createRootKey(new Uint8Array(32).fill(2))
    expect(() => other.open('signing key', sealed)).toThrow()
    expect(other.id).not.toBe(root.id)
  })

  it('opens for the owner it was sealed for, and for no other', () => {
    const sealed = root.seal('phone', '13800138000', 'u1')
    expect(root.open('phone', sealed, 'u1')).toBe('13800138000')
    expect(() => root.open('phone', sealed, 'u2')).toThrow()
    expect(() => root.open('phone', sealed)).toThrow()
    expect(() => root.open('phone', root.seal('phone', 'x'), 'u1')).toThrow()
  })

  it('seals into 12 bytes of nonce, the text, and 16 bytes of tag', () => {
    const [one, other] = [0, 1].map(() => Buffer.from(root.seal('phone', 'plain'), 'base64url'))
    expect(one).toHaveLength(12 + 5 + 16)
    expect(other?.subarray(0, 12)).not.toEqual(one?.subarray(0, 12))
  })

  it.each(purposes)('has a key of its own for: %s', (purpose) => {
    const others = purposes.filter((each) => each !== purpose)
    const sealed = root.seal(purpose, 'x')
    expect(root.open(purpose, sealed)).toBe('x')
    for (const other of others) {
      expect(root.mac(other, 'x')).not.toBe(root.mac(purpose, 'x'))
      expect(() => root.open(other, sealed)).toThrow()
    }
  })

  it('still opens what an earlier version sealed, and names numbers as it did', () => {
    expect(root.id).toBe('Tq6-4c7JkxOf7FZb')
    expect(root.mac('phone', '13800138000')).toBe('3XOEq228HOtWmRfCVmmgPFAQAqdSxyYT5LEOwGp80yE')
    const sealed = '1LKe3dIO1QdtJH6bfa3yO9Vwe6euWYOf7t6afVV7YLoCSIliRNIH'
    expect(root.open('phone', sealed, 'u1')).toBe('13800138000')
  })
})
