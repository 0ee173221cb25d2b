type Fields = Record<string, unknown>

export const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null

/**
 * What the server says in a failure: the `data` of a tRPC client's error, the body of a reply, or the reply that the
 * error of an HTTP library carries; empty for any other failure. mianmi's REST replies have their reason one level
 * deeper.
 */
function serverData(failure: unknown): Fields {
  if (!isRecord(failure)) return {}
  const { data, response } = failure
  if (isRecord(response)) return serverData(response)
  if (!isRecord(data)) return {}
  return isRecord(data['data']) ? data['data'] : data
}

/** The HTTP status of a reply, or of an error that carries it; undefined for any other failure. */
function statusOf(failure: unknown): unknown {
  if (!isRecord(failure)) return undefined
  return failure['statusCode'] ?? failure['status'] ?? statusOf(failure['response'])
}

/**
 * Whether the server has rejected the access token: by the reason `unauthenticated`; without a reason by tRPC's code
 * UNAUTHORIZED, or by the status 401. A wrong password has a reason of its own, so it is not a rejected token.
 */
export function isUnauthenticated(failure: unknown): boolean {
  const { reason, code } = serverData(failure)
  if (reason) return reason === 'unauthenticated'
  return code === 'UNAUTHORIZED' || statusOf(failure) === 401
}

/** Whether the server has rejected the login code, so that a new code may succeed. */
export function isCodeRejected(failure: unknown): boolean {
  const { reason } = serverData(failure)
  return reason === 'code_rejected' || reason === 'code_used'
}

/** Reasons that another attempt does not change: the person or an administrator has to act. */
const finalReasons = [
  'user_blocked',
  'user_disabled',
  'forbidden',
  'app_unknown',
  'wechat_misconfigured',
]

/**
 * Milliseconds for which a sign-in that failed is not tried again without the person: what the server asks for in
 * `retryAfter` (seconds), for ever where it refuses the person, and otherwise longer with each failure.
 *
 * @param failures how many sign-ins failed in a row; after the first one the next is tried at once
 */
export function retryDelay(failure: unknown, failures: number): number {
  const { reason, retryAfter } = serverData(failure)
  if (finalReasons.includes(reason as string)) return Number.POSITIVE_INFINITY
  // Some servers write the number as text; what is no number is nothing.
  const wanted = Number(retryAfter) * 1000 || 0
  return Math.max(wanted, failures > 1 ? Math.min(2 ** (failures - 2), 8) * 1000 : 0)
}
