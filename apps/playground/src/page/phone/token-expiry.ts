/** Makes the service reject access tokens before they expire. */
export interface TokenExpiry {
  /** Rejects every token issued in an earlier second; `iat` has no finer resolution. `now` in milliseconds. */
  expire(now?: number): void
  /** The value of the `Authorization` header to send. */
  outgoing(authorization: string): string
}

export function createTokenExpiry(): TokenExpiry {
  let minIssuedAt = 0
  return {
    expire(now = Date.now()) {
      minIssuedAt = Math.floor(now / 1000)
    },
    outgoing(authorization) {
      const issuedAt = issuedAtOf(authorization)
      return issuedAt !== undefined && issuedAt < minIssuedAt
        ? `${authorization}.expired`
        : authorization
    },
  }
}

/** The `iat` claim in seconds: RFC 7519, section 4.1.6. */
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
