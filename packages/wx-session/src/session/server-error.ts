/** `error.data` of a client's error that the server has sent; empty for any other error. */
function errorData(error: unknown): Record<string, unknown> {
  const data = error instanceof Error && 'data' in error ? error.data : null
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {}
}

/**
 * Whether the server has rejected the access token: by the reason `unauthenticated`, or by tRPC's
 * code UNAUTHORIZED when the error has no reason. A wrong password has the same code and a reason
 * of its own, so it is not a rejected token.
 */
export function isUnauthenticated(error: unknown): boolean {
  const { reason, code } = errorData(error)
  return reason === undefined ? code === 'UNAUTHORIZED' : reason === 'unauthenticated'
}

/** Whether the server has rejected the login code, so that a new code may succeed. */
export function isCodeRejected(error: unknown): boolean {
  const { reason } = errorData(error)
  return reason === 'code_rejected' || reason === 'code_used'
}
