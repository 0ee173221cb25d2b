import { sessionOfRefreshToken } from '../world/server/tokens.ts'
import type { ObservedCall } from './traffic.ts'

/** Sessions of which a refresh took longer than the protocol bears. */
export interface LateRequests {
  note(call: ObservedCall): void
  isLate(sessionId: string): boolean
}

/**
 * A copy of a refresh that arrives later than an access token lives may end the session (docs/session-protocol.md), and on a
 * busy machine any request may be that late.
 *
 * @param accessTokenTtl of the nodes, in real ms
 */
export function createLateRequests(accessTokenTtl: number): LateRequests {
  const firstArrival = new Map<string, number>()
  const late = new Set<string>()
  return {
    note({ path, input, arrivedAt }) {
      if (path !== 'session.refresh') return
      const { refreshToken } = (input ?? {}) as { refreshToken?: unknown }
      if (typeof refreshToken !== 'string') return
      const first = firstArrival.get(refreshToken) ?? arrivedAt
      firstArrival.set(refreshToken, first)
      const now = performance.now()
      if (now - first > accessTokenTtl * 0.8 || now - arrivedAt > accessTokenTtl * 0.5)
        late.add(sessionOfRefreshToken(refreshToken))
    },
    isLate: (sessionId) => late.has(sessionId),
  }
}
