import { describe, expect, it } from 'vitest'
import { createOpaqueTokens } from './opaque-tokens.ts'
import { createRootKey } from './root-key.ts'

const tokens = createOpaqueTokens(createRootKey(new Uint8Array(32).fill(1)))

describe('refresh tokens', () => {
  it('are the same for the same session and counter, and read back', () => {
    const token = tokens.refreshToken('abc', 46_655)
    expect(tokens.refreshToken('abc', 46_655)).toBe(token)
    expect(tokens.readRefreshToken(token)).toEqual({ sessionId: 'abc', counter: 46_655 })
  })

  it('have one spelling: whatever is changed, added or cut is no token', () => {
    const token = tokens.refreshToken('abc', 10)
    for (let i = 0; i < token.length; i++) {
      const other = token[i] === 'x' ? 'y' : 'x'
      expect(tokens.readRefreshToken(token.slice(0, i) + other + token.slice(i + 1))).toBeNull()
    }
    for (const wrong of [
      '',
      '.',
      '..',
      'abc',
      'abc.a',
      token.toUpperCase(),
      ` ${token}`,
      `${token}.x`,
    ])
      expect(tokens.readRefreshToken(wrong)).toBeNull()
  })

  it('of another root key are no tokens', () => {
    const other = createOpaqueTokens(createRootKey(new Uint8Array(32).fill(2)))
    expect(tokens.readRefreshToken(other.refreshToken('abc', 0))).toBeNull()
  })
})

describe('tickets and ids', () => {
  it('a ticket is found by its hash, which does not show it', () => {
    const { ticket, hash } = tokens.newTicket()
    expect(tokens.hashTicket(ticket)).toBe(hash)
    expect(hash).not.toContain(ticket)
    expect(tokens.newTicket().ticket).not.toBe(ticket)
  })

  it('ids never repeat and sort by their time', () => {
    const ids = Array.from({ length: 1_000 }, () => tokens.newId())
    expect(new Set(ids).size).toBe(1_000)
    const times = ids.map((id) => id.slice(0, 12))
    expect([...times].sort()).toEqual(times)
  })
})
