import type { RefreshTokenParts, TokenMaker } from '../../src/index.ts'

/** How long an access token lives, in ms. */
export const accessTokenTtl: number = 15 * 60_000

/** Unsigned tokens that contain their claims as text, and ids that count up. */
export function createFakeTokens(): TokenMaker {
  let serial = 0
  const next = (prefix: string): string => `${prefix}-${++serial}`
  return {
    async signAccess({ sessionId, userId, appId }, now) {
      const expiresAt = now + accessTokenTtl
      return { token: ['access', sessionId, userId, appId, expiresAt].join('.'), expiresAt }
    },

    async verifyAccess(token, now) {
      const [kind, sessionId, userId, appId, expiresAt] = token.split('.')
      if (kind !== 'access' || !sessionId || !userId || !appId) return null
      return Number(expiresAt) > now ? { sessionId, userId, appId, ...timesOf(expiresAt) } : null
    },

    refreshToken,

    readRefreshToken(token) {
      const [kind, sessionId, counter, variant] = token.split('.')
      if (kind !== 'refresh' || !sessionId) return null
      return { sessionId, counter: Number(counter), variant: Number(variant) }
    },

    verifyRefreshToken: (token, parts) => token === refreshToken(parts),

    newTicket() {
      const ticket = next('ticket')
      return { ticket, hash: hashTicket(ticket) }
    },

    hashTicket,
    newId: () => next('id'),
    newSecret: () => next('secret'),
  }
}

const timesOf = (expiresAt: string | undefined) => ({
  issuedAt: Number(expiresAt) - accessTokenTtl,
  expiresAt: Number(expiresAt),
})

const refreshToken = ({ sessionId, counter, variant, secret }: RefreshTokenParts): string =>
  ['refresh', sessionId, counter, variant, secret].join('.')

const hashTicket = (ticket: string): string => `hash of ${ticket}`
