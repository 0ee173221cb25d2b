import { fieldsOf } from './fields.ts'

/** The reply of the server in a failure: one that the error of an HTTP library carries, or the failure itself. */
const replyOf = (failure: unknown): Record<string, unknown> =>
  fieldsOf(fieldsOf(failure)['response'] || failure)

/**
 * What the server says in a failure: the `data` of a tRPC client's error, the body of a reply, or the failure itself,
 * where a client throws the body. mianmi's REST replies have their reason one level deeper.
 */
const serverData = (failure: unknown): Record<string, unknown> => {
  const reply = replyOf(failure)
  const { data = reply } = reply
  const body = fieldsOf(data)
  return fieldsOf(body['data'] || body)
}

/**
 * Whether the server has rejected the access token: by the reason `unauthenticated`; without a reason by tRPC's code
 * UNAUTHORIZED, or by the status 401. A wrong password has a reason of its own, so it is not a rejected token. A reply
 * with a status 2xx is a success, whatever its body says: a call that the server has carried out must not be repeated.
 */
export const isUnauthenticated = (failure: unknown): boolean => {
  const { reason, code } = serverData(failure)
  const { statusCode, status = statusCode } = replyOf(failure)
  if (/^2\d\d$/.test(status as string)) return false
  return reason ? reason === 'unauthenticated' : code === 'UNAUTHORIZED' || status === 401
}

/** Whether the server has rejected the login code, so that a new code may succeed. */
export const isCodeRejected = (failure: unknown): boolean =>
  /^code_(rejected|used)$/.test(serverData(failure)['reason'] as string)

/** Reasons that another attempt does not change: the person or an administrator has to act. */
const finalReason = /^(user_(blocked|disabled)|forbidden|app_unknown|wechat_misconfigured)$/

/** Seconds: the longest time that a server can ask for. */
const longestWait = 86_400

/** Some servers write the number as text, twice, or with its unit, and the header may be an HTTP date. */
const secondsOf = (value: unknown): number => {
  const seconds = Number(String(value).split(/[s,]/i)[0])
  return Math.max(seconds || (Date.parse(value as string) - Date.now()) / 1000 || 0, 0)
}

/**
 * Milliseconds for which the server asks not to try again without the person: in `retryAfter` (seconds) or the header
 * Retry-After, at most a day; for ever where it refuses the person; 0 where it asks for nothing.
 */
export const retryDelay = (failure: unknown): number => {
  // A tRPC link has the reply in the `meta` of its error.
  const { header, headers = header } = replyOf(fieldsOf(failure)['meta'] || failure)
  const byName = fieldsOf(headers)
  const inHeader = byName[Object.keys(byName).find((name) => /^retry-after$/i.test(name)) as string]
  const { reason, retryAfter } = serverData(failure)
  if (finalReason.test(reason as string)) return Number.POSITIVE_INFINITY
  return Math.min(secondsOf(retryAfter) || secondsOf(inHeader), longestWait) * 1000
}
