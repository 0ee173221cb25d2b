import { describe, expect, it } from 'vitest'
import { createRootKey } from './root-key.ts'

const root = createRootKey(new Uint8Array(32).fill(1))

describe('root key', () => {
  it('opens what it sealed, and seals the same text differently each time', () => {
    const sealed = root.seal('signing key', 'plain 明文')
    expect(root.open('signing key', sealed)).toBe('plain 明文')
    expect(root.seal('signing key', 'plain 明文')).not.toBe(sealed)
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('plain')
  })

  it('opens nothing that was altered, cut, sealed for another purpose or under another key', () => {
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

  it('keeps purposes apart', () => {
    expect(root.mac('refresh token', 'x')).not.toEqual(root.mac('ticket', 'x'))
  })
})
