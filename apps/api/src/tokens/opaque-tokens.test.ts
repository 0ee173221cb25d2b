import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createOpaqueTokens } from './opaque-tokens.ts'
import { createRootKey } from './root-key.ts'

let tokens: ReturnType<typeof createOpaqueTokens>
beforeEach(() => {
  tokens = createOpaqueTokens(createRootKey(new Uint8Array(32).fill(1)))
})

describe('refresh tokens', () => {
  it('are the same for the same session and counter, and read back', () => {
    const token = tokens.refreshToken('abc', 46_655)
    expect(tokens.refreshToken('abc', 46_655)).toBe(token)
    expect(tokens.readRefreshToken(token)).toEqual({ sessionId: 'abc', counter: 46_655 })
  })

  it('have one spelling: a changed, longer or shorter text is not a token', () => {
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

  it('of an earlier version are still read', () => {
    const token = 'abc.zzz.OVF1TANeEFmJ1IsyKovh0892Z-1dziIRaOI8rQ8yyLk'
    expect(tokens.refreshToken('abc', 46_655)).toBe(token)
    expect(tokens.readRefreshToken(token)).toEqual({ sessionId: 'abc', counter: 46_655 })
  })

  it('begin with counter 0, and have no counter below it or beyond safe integers', () => {
    expect(tokens.readRefreshToken(tokens.refreshToken('abc', 0))).toEqual({
      sessionId: 'abc',
      counter: 0,
    })
    for (const counter of [-1, 2 ** 53, Number.NaN])
      expect(tokens.readRefreshToken(tokens.refreshToken('abc', counter)), `${counter}`).toBeNull()
  })

  it('of another root key are no tokens', () => {
    const other = createOpaqueTokens(createRootKey(new Uint8Array(32).fill(2)))
    expect(tokens.readRefreshToken(other.refreshToken('abc', 0))).toBeNull()
  })
})

describe('refresh tokens of a former key', () => {
  it('are read, and their successors are of the first key', () => {
    const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
    const both = createOpaqueTokens(createRootKey(b, a))
    const token = tokens.refreshToken('abc', 1)
    expect(both.readRefreshToken(token)).toEqual({ sessionId: 'abc', counter: 1 })
    const successor = createOpaqueTokens(createRootKey(b)).refreshToken('abc', 2)
    expect(both.refreshToken('abc', 2)).toBe(successor)
    expect(both.readRefreshToken(successor)).toEqual({ sessionId: 'abc', counter: 2 })
    expect(tokens.readRefreshToken(successor)).toBeNull()
  })
})

describe('tickets and ids', () => {
  it('a ticket is found by its hash, which does not show it', () => {
    const { ticket, hash } = tokens.newTicket()
    expect(tokens.hashTicket(ticket)).toBe(hash)
    expect(hash).not.toContain(ticket)
    expect(tokens.newTicket().ticket).not.toBe(ticket)
  })

  it('a ticket holds 256 random bits, and its hash is SHA-256', () => {
    const { ticket } = tokens.newTicket()
    expect(ticket).toMatch(/^[\w-]{43}$/)
    expect(tokens.hashTicket('ticket')).toBe('FAaUKRUKvL8kTEwvssTEaknJPKlFcmPs2euxdt46WLs')
  })

  it('an id begins with the time in 12 hexadecimal digits, and 20 random ones follow', () => {
    vi.useFakeTimers({ now: 0x1_2345_6789 })
    onTestFinished(() => void vi.useRealTimers())
    const ids = Array.from({ length: 500 }, () => tokens.newId())
    for (const id of ids) expect(id).toMatch(/^000123456789[0-9a-f]{20}$/)
    expect(new Set(ids).size).toBe(500)
    // Each of the 20 digits takes all of its 16 values, so none of them is fixed.
    for (let place = 12; place < 32; place++)
      expect(new Set(ids.map((id) => id[place])).size, `${place}`).toBe(16)
  })

  it('ids are unique and sort by their time', () => {
    const ids = Array.from({ length: 1_000 }, () => tokens.newId())
    expect(new Set(ids).size).toBe(1_000)
    const times = ids.map((id) => id.slice(0, 12))
    expect([...times].sort()).toEqual(times)
  })
})
