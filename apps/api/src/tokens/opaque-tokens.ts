import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
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
    return `${body}.${root.mac('refresh token', body).toString('base64url')}`
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
      const id = Buffer.alloc(16)
      id.writeUIntBE(Date.now(), 0, 6)
      randomBytes(10).copy(id, 6)
      return id.toString('hex')
    },
  }
}

/** The ticket has 256 random bits, so a plain hash cannot be searched backwards. */
function hashTicket(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url')
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
