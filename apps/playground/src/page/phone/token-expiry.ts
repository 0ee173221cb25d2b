/** Makes the service take access tokens for expired, before their time. */
export interface TokenExpiry {
  /** From now on every token of an earlier second is worth nothing; a token knows no finer time. */
  expire(now?: number): void
  /** The header's value as it goes out. */
  outgoing(authorization: string): string
}

export function createTokenExpiry(): TokenExpiry {
  let before = 0
  return {
    expire(now = Date.now()) {
      before = Math.floor(now / 1000)
    },
    outgoing(authorization) {
      const issuedAt = issuedAtOf(authorization)
      return issuedAt !== undefined && issuedAt < before
        ? `${authorization}.expired`
        : authorization
    },
  }
}

/** `iat` of RFC 7519, section 4.1.6, in seconds. */
function issuedAtOf(authorization: string): number | undefined {
  const [, payload = ''] = authorization.split('.')
  try {
    const text = atob(payload.replace(/-/g, '+').replace(/_/g, '/'))
    const { iat } = JSON.parse(text) as { iat?: unknown }
    return typeof iat === 'number' ? iat : undefined
  } catch {
    return undefined
  }
}
