import { hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { TokenMaker } from '@mianmi/core'
import type { RootKey } from './root-key.ts'

type OpaqueTokens = Pick<
  TokenMaker,
  'refreshToken' | 'readRefreshToken' | 'newTicket' | 'hashTicket' | 'newId'
>

/**
 * Makes refresh tokens (`session id . counter . MAC`), tickets (256 random bits) and ids (time and 80 random bits).
 */
export function createOpaqueTokens(root: RootKey): OpaqueTokens {
  const refreshToken = (sessionId: string, counter: number): string => {
    const body = bodyOf(sessionId, counter)
    return `${body}.${root.mac('refresh token', body)}`
  }
  return {
    refreshToken,
    readRefreshToken(token) {
      const [sessionId = '', counterText = ''] = token.split('.', 2)
      const counter = Number.parseInt(counterText, 36)
      if (!Number.isSafeInteger(counter) || counter < 0) return null
      const body = bodyOf(sessionId, counter)
      // The token is created again and compared whole, so that there is exactly one spelling of each token and key.
      const isToken = root
        .macs('refresh token', body)
        .some((mac) => isEqual(token, `${body}.${mac}`))
      return isToken ? { sessionId, counter } : null
    },
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

const bodyOf = (sessionId: string, counter: number): string =>
  `${sessionId}.${counter.toString(36)}`

/** A ticket has 256 random bits, so a plain hash cannot be reversed by search. */
function hashTicket(ticket: string): string {
  return hash('sha256', ticket, 'base64url')
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
