import { fieldsOf } from './fields.ts'

/** The reply of the server in a failure: one that the error of an HTTP library carries, or the failure itself. */
const replyOf = (failure: unknown): Record<string, unknown> => {
  const { response } = fieldsOf(failure)
  return response ? replyOf(response) : fieldsOf(failure)
}

/**
 * What the server says in a failure: the `data` of a tRPC client's error, or the body of a reply; empty for any other
 * failure. mianmi's REST replies have their reason one level deeper.
 */
const serverData = (failure: unknown): Record<string, unknown> => {
  const body = fieldsOf(replyOf(failure)['data'])
  return fieldsOf(body['data'] || body)
}

/**
 * Whether the server has rejected the access token: by the reason `unauthenticated`; without a reason by tRPC's code
 * UNAUTHORIZED, or by the status 401. A wrong password has a reason of its own, so it is not a rejected token.
 */
export const isUnauthenticated = (failure: unknown): boolean => {
  const { reason, code } = serverData(failure)
  const { statusCode, status = statusCode } = replyOf(failure)
  return reason ? reason === 'unauthenticated' : code === 'UNAUTHORIZED' || status === 401
}

/** Whether the server has rejected the login code, so that a new code may succeed. */
export const isCodeRejected = (failure: unknown): boolean =>
  /^code_(rejected|used)$/.test(serverData(failure)['reason'] as string)

/** Reasons that another attempt does not change: the person or an administrator has to act. */
const finalReason = /^(user_(blocked|disabled)|forbidden|app_unknown|wechat_misconfigured)$/

/** Seconds: the longest time that a server can ask for. */
const longestWait = 86_400

/**
 * Milliseconds for which a sign-in that failed is not tried again without the person: what the server asks for in
 * `retryAfter` (seconds) or the header Retry-After, at most a day; for ever where it refuses the person; and otherwise
 * longer with each failure.
 *
 * @param failures how many sign-ins failed in a row; after the first one the next is tried at once
 */
export const retryDelay = (failure: unknown, failures: number): number => {
  // A tRPC link has the reply in the `meta` of its error.
  const { header, headers = header } = replyOf(fieldsOf(failure)['meta'] || failure)
  const byName = fieldsOf(headers)
  const inHeader = byName[Object.keys(byName).find((name) => /^retry-after$/i.test(name)) as string]
  const { reason, retryAfter = inHeader } = serverData(failure)
  if (finalReason.test(reason as string)) return Number.POSITIVE_INFINITY
  // Some servers write the number as text, and the header may be an HTTP date; anything else is nothing.
  const seconds = Number(retryAfter) || (Date.parse(retryAfter as string) - Date.now()) / 1000 || 0
  const ownDelay = failures > 1 ? Math.min(2 ** (failures - 2), 8) : 0
  return Math.max(Math.min(seconds, longestWait), ownDelay) * 1000
}
