import type { AdminPorts } from '../admin-ports.ts'
import type { NewBrowser } from './administrator-store.ts'

/**
 * How long a browser is known after a complete sign-in, in ms. Each complete sign-in replaces its token, and with it
 * begins the time again. One that is known for longer is of a clock that was ahead, and is not known.
 */
export const browserTtl: number = 90 * 24 * 3_600_000

/**
 * The hash of a token by which a browser shows that an administrator has signed in with both factors in it before. Such
 * a browser has counters of its own for wrong passwords and codes, so the wrong ones of strangers do not refuse it. It
 * proves nothing else. Null for a browser that is not known to this user.
 */
export async function knownBrowserOf(
  ports: Pick<AdminPorts, 'tokens' | 'administrators' | 'now'>,
  token: string | null,
  userId: string,
): Promise<string | null> {
  if (token === null) return null
  const hash = ports.tokens.hashTicket(token)
  const isKnown = await ports.administrators.knowsBrowser({ hash, userId, now: ports.now() })
  return isKnown ? hash : null
}

/** A new token for the cookie, and its row. It replaces the token that the browser has. */
export function draftBrowser(
  ports: Pick<AdminPorts, 'tokens' | 'now'>,
  current: string | null,
): { token: string; browser: NewBrowser } {
  const { ticket: token, hash } = ports.tokens.newTicket()
  const replaces = current === null ? null : ports.tokens.hashTicket(current)
  const now = ports.now()
  return { token, browser: { hash, replaces, createdAt: now, expiresAt: now + browserTtl } }
}
