/**
 * Everything that can go wrong, as a closed union. A consumer that maps each kind through a
 * `Record<WechatErrorKind, …>` stops compiling when a kind is missing.
 */
export type WechatErrorKind =
  /** The code is bad or expired (40029), empty or absurdly long: ask the client for a new one. */
  | 'code_rejected'
  /** The code was used before (40163). */
  | 'code_used'
  /** WeChat blocks this user as high-risk (40226): terminal. */
  | 'user_blocked'
  /** Too often in one minute (45011); see `retryAfter`. */
  | 'rate_limited'
  /** The quota of the day is used up (45009): stop, and alarm the operator. */
  | 'quota_exhausted'
  /** WeChat is busy (-1). The code may be consumed already: never send the same one again. */
  | 'busy'
  /**
   * Unreachable, too slow, or an answer that makes no sense: the code may be consumed. Also not
   * asked, because that failed too often just now or too many calls wait: then `retryAfter` tells.
   */
  | 'unavailable'
  /** Our appid, secret or address is refused (40013, 40125, 41002, 41004, 41008, 40164). */
  | 'misconfigured'
  /** The server's access token is refused (40001, 42001, 40014), also after one renewal. */
  | 'token_expired'
  /** The appid is not among the options; WeChat was not asked. */
  | 'app_unknown'
  /** Signed or encrypted data does not verify, or our signature of a session key (87009). */
  | 'data_rejected'
  /** Any other errcode: see `errcode`. */
  | 'rejected'

const texts: Record<WechatErrorKind, string> = {
  code_rejected: 'WeChat refuses the code',
  code_used: 'the code was used before',
  user_blocked: 'WeChat blocks this user',
  rate_limited: 'WeChat is asked too often',
  quota_exhausted: "WeChat's quota of the day is used up",
  busy: 'WeChat is busy',
  unavailable: 'WeChat gave no usable answer',
  misconfigured: 'WeChat refuses our appid, secret or address',
  token_expired: "WeChat refuses the server's access token",
  app_unknown: 'the appid is not configured',
  data_rejected: 'the data does not verify',
  rejected: 'WeChat refuses the request',
}

/** Seconds to wait. 45011 counts by the minute; for -1 WeChat only says "later". */
const waits: Partial<Record<WechatErrorKind, number>> = { rate_limited: 60, busy: 5 }

/**
 * The only error this package throws once a client is made. It never holds a URL, a secret, a token, a
 * code, a session_key or WeChat's own text (which may repeat them), but for our own address, and it has no
 * `cause`.
 */
export class WechatError extends Error {
  readonly kind: WechatErrorKind
  /** WeChat's own number, or null where WeChat gave none. */
  readonly errcode: number | null
  /** Seconds after which another try makes sense, or null where nothing is known. */
  readonly retryAfter: number | null
  /** Our address as WeChat saw it, where that is not on its allow-list (40164); otherwise null. */
  readonly address: string | null

  constructor(kind: WechatErrorKind, details: WechatErrorDetails = {}) {
    const { errcode = null, detail = null, address = null } = details
    const { retryAfter = waits[kind] ?? null } = details
    const extra = errcode === null ? detail : `errcode ${errcode}`
    super(extra === null ? texts[kind] : `${texts[kind]} (${extra})`)
    this.name = 'WechatError'
    this.kind = kind
    this.errcode = errcode
    this.retryAfter = retryAfter
    this.address = address
  }
}

export interface WechatErrorDetails {
  errcode?: number | null
  /** A short fixed text or an error code such as ECONNREFUSED. Never text from outside. */
  detail?: string | null
  /** Seconds; by default what is known of the kind. */
  retryAfter?: number | null
  /** Only what was checked to be an address. */
  address?: string | null
}

export function unavailable(detail: string, retryAfter: number | null = null): WechatError {
  return new WechatError('unavailable', { detail, retryAfter })
}
