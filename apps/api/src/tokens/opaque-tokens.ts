import { hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { TokenMaker } from '@mianmi/core'
import type { RootKey } from './root-key.ts'

type OpaqueTokens = Pick<
  TokenMaker,
  'refreshToken' | 'readRefreshToken' | 'newTicket' | 'hashTicket' | 'newId'
>

/** Refresh token: `session id . counter . MAC`. Ticket: 256 random bits. Id: time and 80 random bits. */
export function createOpaqueTokens(root: RootKey): OpaqueTokens {
  const refreshToken = (sessionId: string, counter: number): string => {
    const body = `${sessionId}.${counter.toString(36)}`
    return `${body}.${root.mac('refresh token', body)}`
  }
  return {
    refreshToken,
    readRefreshToken(token) {
      const [sessionId = '', counterText = ''] = token.split('.', 2)
      const counter = Number.parseInt(counterText, 36)
      if (!Number.isSafeInteger(counter) || counter < 0) return null
      // Made again and compared whole, so that there is exactly one spelling of each token.
      return sameText(token, refreshToken(sessionId, counter)) ? { sessionId, counter } : null
    },
    newTicket() {
      const ticket = randomBytes(32).toString('base64url')
      return { ticket, hash: hashTicket(ticket) }
    },
    hashTicket,
    newId() {
      // Time first keeps new rows side by side in the index, as in UUIDv7 (RFC 9562 §5.7).
      const time = Date.now().toString(16).padStart(12, '0')
      // A UUID's random digits, without those of its version and variant (RFC 9562 §5.4): node draws them in store.
      const random = randomUUID()
      return `${time}${random.slice(0, 8)}${random.slice(-12)}`
    },
  }
}

/** The ticket has 256 random bits, so a plain hash cannot be searched backwards. */
function hashTicket(ticket: string): string {
  return hash('sha256', ticket, 'base64url')
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
