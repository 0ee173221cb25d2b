/**
 * Every failure of this package, as a closed union. Code that maps each kind through a
 * `Record<WechatErrorKind, …>` does not compile when a kind is missing.
 */
export type WechatErrorKind =
  /** The code is wrong or expired (40029), empty or longer than 256 characters: let the client get a new one. */
  | 'code_rejected'
  /** The code was used before (40163): let the client get a new one. */
  | 'code_used'
  /** WeChat blocks this user as high-risk (40226). Permanent: do not retry. */
  | 'user_blocked'
  /** Too many calls in one minute (45011): wait `retryAfter`. */
  | 'rate_limited'
  /** The quota of the day is used up (45009): stop calling, and alert. */
  | 'quota_exhausted'
  /** WeChat is busy (-1). The code may be consumed: never send the same one again. */
  | 'busy'
  /**
   * WeChat was unreachable, too slow, or sent an invalid answer: the code may be consumed. With a `retryAfter`
   * nothing was sent, because the circuit breaker is open or too many calls wait: the code is still valid.
   */
  | 'unavailable'
  /** WeChat refuses this server's appid, secret or IP address (40013, 40125, 41002, 41004, 41008, 40164). */
  | 'misconfigured'
  /** WeChat refuses the server's access token (40001, 42001, 40014), also after one renewal. */
  | 'token_expired'
  /** The appid is not among the options; nothing was sent. */
  | 'app_unknown'
  /** Encrypted data does not verify, or the signature made with a session key does not (87009). */
  | 'data_rejected'
  /** Any other error code: see `errcode`. */
  | 'rejected'

const messages: Record<WechatErrorKind, string> = {
  code_rejected: 'WeChat refuses the code',
  code_used: 'the code was used before',
  user_blocked: 'WeChat blocks this user',
  rate_limited: 'WeChat is called too often',
  quota_exhausted: "WeChat's quota of the day is used up",
  busy: 'WeChat is busy',
  unavailable: 'WeChat gave no usable answer',
  misconfigured: "WeChat refuses this server's appid, secret or IP address",
  token_expired: "WeChat refuses the server's access token",
  app_unknown: 'the appid is not configured',
  data_rejected: 'the data does not verify',
  rejected: 'WeChat refuses the request',
}

/** Seconds. 45011 counts by the minute; for -1 WeChat only says "later". */
const defaultRetryAfter: Partial<Record<WechatErrorKind, number>> = { rate_limited: 60, busy: 5 }

/**
 * The only error that this package throws once a client is created. It never holds a URL, a secret, a token, a code,
 * a session key or WeChat's own text (which may repeat them), except for this server's IP address; and it has no
 * `cause`.
 *
 * @example
 * try {
 *   await wechat.code2Session(appId, code)
 * } catch (error) {
 *   if (error instanceof WechatError && error.kind === 'code_rejected') requestNewCode()
 *   else throw error
 * }
 */
export class WechatError extends Error {
  /** What failed. */
  readonly kind: WechatErrorKind
  /** WeChat's error code, or null when WeChat sent none. */
  readonly errcode: number | null
  /** Seconds after which a retry makes sense, or null when that is not known. */
  readonly retryAfter: number | null
  /** This server's IP address as WeChat saw it, when it is not on WeChat's allow-list (40164); otherwise null. */
  readonly address: string | null

  constructor(kind: WechatErrorKind, details: WechatErrorDetails = {}) {
    const { errcode = null, detail = null, address = null } = details
    const { retryAfter = defaultRetryAfter[kind] ?? null } = details
    const suffix = errcode === null ? detail : `errcode ${errcode}`
    super(suffix === null ? messages[kind] : `${messages[kind]} (${suffix})`)
    this.name = 'WechatError'
    this.kind = kind
    this.errcode = errcode
    this.retryAfter = retryAfter
    this.address = address
  }
}

/** What a `WechatError` can say beside its kind; none of it may be secret. */
export interface WechatErrorDetails {
  /** WeChat's error code. */
  errcode?: number | null
  /** A fixed text or an error code such as ECONNREFUSED, for the message. Never text from outside. */
  detail?: string | null
  /** Seconds; by default 60 for `rate_limited`, 5 for `busy`, and null for the others. */
  retryAfter?: number | null
  /** This server's IP address; only a string that was checked to be one. */
  address?: string | null
}

/** A `WechatError` of kind `unavailable`. @param retryAfter in seconds */
export function unavailableError(detail: string, retryAfter: number | null = null): WechatError {
  return new WechatError('unavailable', { detail, retryAfter })
}
