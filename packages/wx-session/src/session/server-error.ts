/** `error.data` of a TRPCClientError that the server has sent. */
function dataOf(error: unknown): Record<string, unknown> {
  const data = error instanceof Error && 'data' in error ? error.data : null
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {}
}

/**
 * Whether the server refuses the token: by the reason `unauthenticated`, or, where it gives no
 * reasons, by tRPC's code UNAUTHORIZED. A wrong password has a reason of its own and is neither.
 */
export function isUnauthenticated(error: unknown): boolean {
  const { reason, code } = dataOf(error)
  return reason === undefined ? code === 'UNAUTHORIZED' : reason === 'unauthenticated'
}

/** Whether a login code is to blame, so that a fresh one may do. */
export function isCodeRejected(error: unknown): boolean {
  const { reason } = dataOf(error)
  return reason === 'code_rejected' || reason === 'code_used'
}
