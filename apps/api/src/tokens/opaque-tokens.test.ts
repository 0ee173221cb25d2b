import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createOpaqueTokens } from './opaque-tokens.ts'
import { createRootKey } from './root-key.ts'

let tokens: ReturnType<typeof createOpaqueTokens>
beforeEach(() => {
  tokens = createOpaqueTokens(createRootKey(new Uint8Array(32).fill(1)))
})

const parts = { sessionId: 'abc', counter: 46_655, variant: 0, secret: 'secret' }
const { secret: _, ...claims } = parts

describe('refresh tokens', () => {
  it.each([
    ['abc.zzz', 0],
    ['abc.zzz-1', 1],
    ['abc.zzz-10', 36],
  ])('begin with %s for variant %i, read back and verify', (body, variant) => {
    const made = { ...parts, variant }
    const token = tokens.refreshToken(made)
    expect(token.slice(0, token.lastIndexOf('.'))).toBe(body)
    expect(tokens.refreshToken(made)).toBe(token)
    expect(tokens.readRefreshToken(token)).toEqual({ ...claims, variant })
    expect(tokens.verifyRefreshToken(token, made)).toBe(true)
  })

  it('verify with their own session, generation and secret only', () => {
    const token = tokens.refreshToken(parts)
    for (const change of [
      { sessionId: 'abd' },
      { counter: 1 },
      { variant: 1 },
      { secret: 'other' },
      { secret: '' },
      { secret: null },
    ])
      expect(tokens.verifyRefreshToken(token, { ...parts, ...change }), `${change}`).toBe(false)
  })

  it('have one spelling: a changed, longer or shorter text is not a token', () => {
    const made = { ...parts, variant: 10 }
    const token = tokens.refreshToken(made)
    const isAccepted = (text: string): boolean => {
      const read = tokens.readRefreshToken(text)
      return read !== null && tokens.verifyRefreshToken(text, { ...read, secret: parts.secret })
    }
    expect(isAccepted(token)).toBe(true)
    const [session, , mac] = token.split('.')
    const spellings = ['0zzz-a', 'zzz-0a', 'zzz-a-0', 'ZZZ-a', 'zzz-', 'zzz--a', '-a'].map(
      (generation) => `${session}.${generation}.${mac}`,
    )
    for (const text of [...spellings, token.toUpperCase(), ` ${token}`, `${token}.x`, `${token}=`])
      expect(isAccepted(text), text).toBe(false)
    for (let i = 0; i < token.length; i++) {
      const other = token[i] === 'x' ? 'y' : 'x'
      expect(isAccepted(token.slice(0, i) + other + token.slice(i + 1))).toBe(false)
    }
    const plain = tokens.refreshToken(parts)
    expect(isAccepted(plain)).toBe(true)
    expect(isAccepted(plain.replace('zzz', 'zzz-0'))).toBe(false)
  })

  it.each(['', '.', '..', 'abc', 'abc.a', 'abc..x', '.a.x', 'a c.a.x', 'abc.1.x.y', 'abc.1-2-3.x'])(
    'are not read from %j',
    (text) => {
      expect(tokens.readRefreshToken(text)).toBeNull()
    },
  )

  it('of an earlier version, without a secret, still verify', () => {
    const token = 'abc.zzz.OVF1TANeEFmJ1IsyKovh0892Z-1dziIRaOI8rQ8yyLk'
    expect(tokens.readRefreshToken(token)).toEqual(claims)
    expect(tokens.verifyRefreshToken(token, { ...parts, secret: null })).toBe(true)
    expect(tokens.verifyRefreshToken(token, parts)).toBe(false)
  })

  it('have no counter or variant beyond safe integers', () => {
    const beyond = (2 ** 53).toString(36)
    const last = (2 ** 53 - 1).toString(36)
    expect(tokens.readRefreshToken(`abc.${last}-${last}.x`)).not.toBeNull()
    expect(tokens.readRefreshToken(`abc.${beyond}.x`)).toBeNull()
    expect(tokens.readRefreshToken(`abc.0-${beyond}.x`)).toBeNull()
  })

  it('of another root key do not verify', () => {
    const other = createOpaqueTokens(createRootKey(new Uint8Array(32).fill(2)))
    expect(tokens.verifyRefreshToken(other.refreshToken(parts), parts)).toBe(false)
  })
})

describe('secrets of sessions', () => {
  it('hold 128 random bits', () => {
    const secrets = Array.from({ length: 100 }, () => tokens.newSecret())
    for (const secret of secrets) expect(Buffer.from(secret, 'base64url')).toHaveLength(16)
    expect(new Set(secrets).size).toBe(100)
  })
})

describe('refresh tokens of a former key', () => {
  it('verify, and their successors are of the first key', () => {
    const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
    const both = createOpaqueTokens(createRootKey(b, a))
    const token = tokens.refreshToken(parts)
    expect(both.verifyRefreshToken(token, parts)).toBe(true)
    expect(both.verifyRefreshToken(token, { ...parts, secret: 'other' })).toBe(false)
    const successor = createOpaqueTokens(createRootKey(b)).refreshToken(parts)
    expect(both.refreshToken(parts)).toBe(successor)
    expect(both.verifyRefreshToken(successor, parts)).toBe(true)
    expect(tokens.verifyRefreshToken(successor, parts)).toBe(false)
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
