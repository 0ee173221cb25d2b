import { hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { RefreshTokenParts, TokenMaker } from '@mianmi/core'
import type { RootKey } from './root-key.ts'

type OpaqueTokens = Pick<
  TokenMaker,
  | 'refreshToken'
  | 'readRefreshToken'
  | 'verifyRefreshToken'
  | 'newTicket'
  | 'hashTicket'
  | 'newId'
  | 'newSecret'
>

/** Session id, counter, variant and MAC. Numbers are in base 36; the variant is omitted where it is 0. */
const refreshTokenFormat = /^([\w-]+)\.([0-9a-z]+)(?:-([0-9a-z]+))?\.[\w-]+$/

/**
 * Makes refresh tokens (`session id . counter [- variant] . MAC`), tickets (256 random bits), ids (time and 80 random
 * bits) and secrets of sessions (128 random bits).
 */
export function createOpaqueTokens(root: RootKey): OpaqueTokens {
  const refreshToken = (parts: RefreshTokenParts): string =>
    `${bodyOf(parts)}.${root.mac('refresh token', macInputOf(parts))}`
  return {
    refreshToken,
    readRefreshToken(token) {
      const [, sessionId = '', ...numbers] = refreshTokenFormat.exec(token) ?? []
      const [counter = Number.NaN, variant = 0] = numbers
        .filter((text) => text !== undefined)
        .map((text) => Number.parseInt(text, 36))
      if (!Number.isSafeInteger(counter) || !Number.isSafeInteger(variant)) return null
      return { sessionId, counter, variant }
    },
    // The token is created again and compared whole, so that there is exactly one spelling of each token and key.
    verifyRefreshToken: (token, parts) =>
      root
        .macs('refresh token', macInputOf(parts))
        .some((mac) => isEqual(token, `${bodyOf(parts)}.${mac}`)),
    newSecret: () => randomBytes(16).toString('base64url'),
    newTicket() {
      const ticket = randomBytes(32).toString('base64url')
      return { ticket, hash: hashTicket(ticket) }
    },
    hashTicket,
    newId() {
      // The time comes first, so that new rows are adjacent in the index, as with UUIDv7 (RFC 9562 §5.7).
      const time = Date.now().toString(16).padStart(12, '0')
      // The random digits of a UUID, without its version and variant (RFC 9562 §5.4). Node generates UUIDs from a
      // cache of random bytes.
      const random = randomUUID()
      return `${time}${random.slice(0, 8)}${random.slice(-12)}`
    },
  }
}

function bodyOf({ sessionId, counter, variant }: RefreshTokenParts): string {
  const generation = variant === 0 ? [counter] : [counter, variant]
  return `${sessionId}.${generation.map((number) => number.toString(36)).join('-')}`
}

/** A token of an earlier version has a MAC of its body alone. */
const macInputOf = (parts: RefreshTokenParts): string =>
  parts.secret === null ? bodyOf(parts) : `${bodyOf(parts)}.${parts.secret}`

/** A ticket has 256 random bits, so a plain hash cannot be reversed by search. */
function hashTicket(ticket: string): string {
  return hash('sha256', ticket, 'base64url')
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
