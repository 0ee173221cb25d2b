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
  'retired key',
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
    const [id = '', text = ''] = sealed.split('.')
    const bytes = Buffer.from(text, 'base64url')
    for (let i = 0; i < bytes.length; i++) {
      const altered = Buffer.from(bytes)
      altered.writeUInt8(altered.readUInt8(i) ^ 1, i)
      const changed = altered.toString('base64url')
      for (const whole of [`${id}.${changed}`, changed])
        expect(() => root.open('signing key', whole), whole).toThrow()
    }
    for (const other of ['', 'x', id.slice(1), `${id}x`, `${id}.${id}`])
      expect(() => root.open('signing key', `${other}.${text}`), other).toThrow()
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

  it('seals into a short id of the key, 12 bytes of nonce, the text, and 16 bytes of tag', () => {
    const [one, other] = [0, 1].map(() => {
      const [id, text = ''] = root.seal('phone', 'plain').split('.')
      expect(id).toBe(root.id.slice(0, 8))
      return Buffer.from(text, 'base64url')
    })
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

describe('several keys', () => {
  const [a, b, c] = [1, 2, 3].map((fill) => new Uint8Array(32).fill(fill)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ]

  it('the first one seals and makes MACs, and all of them open and verify', () => {
    const [old, both, other] = [createRootKey(a), createRootKey(b, a), createRootKey(b)]
    expect(both.id).toBe(other.id)
    expect(both.ids).toEqual([other.id, old.id])
    expect(both.mac('phone', 'x')).toBe(other.mac('phone', 'x'))
    expect(both.macs('phone', 'x')).toEqual([other.mac('phone', 'x'), old.mac('phone', 'x')])
    expect(both.open('phone', old.seal('phone', 'plain', 'u1'), 'u1')).toBe('plain')
    expect(other.open('phone', both.seal('phone', 'plain'))).toBe('plain')
    expect(() => old.open('phone', both.seal('phone', 'plain'))).toThrow()
    expect(() => both.open('phone', old.seal('phone', 'plain', 'u1'), 'u2')).toThrow()
  })

  it('open a text of an earlier version, which does not name its key', () => {
    const sealed = '1LKe3dIO1QdtJH6bfa3yO9Vwe6euWYOf7t6afVV7YLoCSIliRNIH'
    expect(createRootKey(b, a, c).open('phone', sealed, 'u1')).toBe('13800138000')
    expect(() => createRootKey(b, c).open('phone', sealed, 'u1')).toThrow()
    expect(createRootKey(a).isCurrent(sealed)).toBe(false)
  })

  it('tell what is sealed under the first one', () => {
    const [old, both] = [createRootKey(a), createRootKey(b, a)]
    expect(both.isCurrent(both.seal('phone', 'x'))).toBe(true)
    expect(both.isCurrent(old.seal('phone', 'x'))).toBe(false)
  })

  it('a retired key verifies after it is no longer listed, for its purpose only', () => {
    const [old, both, alone] = [createRootKey(a), createRootKey(b, a), createRootKey(b)]
    const sealed = both.retireMacKey(old.id, 'refresh token')
    for (const root of [both, alone]) root.restoreMacKey(old.id, 'refresh token', sealed)
    const macs = [both.mac('refresh token', 'x'), old.mac('refresh token', 'x')]
    expect(both.macs('refresh token', 'x')).toEqual(macs)
    expect(alone.macs('refresh token', 'x')).toEqual(macs)
    expect(alone.macs('phone', 'x')).toHaveLength(1)
    expect(() => alone.restoreMacKey(old.id, 'phone', sealed)).toThrow()
    expect(() => alone.restoreMacKey('another', 'refresh token', sealed)).toThrow()
    expect(() => alone.retireMacKey(old.id, 'refresh token')).toThrow()
  })
})
