/**
 * Why a call got no reply that tRPC understands.
 *
 * - `network`: the request failed on its way (offline, refused, domain not in the allow-list)
 * - `timeout`: no reply in time
 * - `aborted`: the caller gave up
 * - `interrupted`: WeChat ended it, for example 5 s after the app went to the background
 * - `http`: a status other than 2xx whose body is no tRPC reply (a gateway's page, say)
 * - `malformed`: a 2xx reply that is no tRPC reply, or a batch reply of the wrong length
 *
 * After any of them the server may or may not have run the call.
 */
export type WxLinkErrorKind =
  | 'network'
  | 'timeout'
  | 'aborted'
  | 'interrupted'
  | 'http'
  | 'malformed'

export interface WxLinkErrorDetails {
  kind: WxLinkErrorKind
  message: string
  /** HTTP status, where there was a reply. */
  statusCode?: number | undefined
  /** WeChat's error number (base library 2.24 and newer). */
  errno?: number | undefined
}

/** The `cause` of a TRPCClientError that no server has sent. Read it with {@link linkError}. */
export class WxLinkError extends Error {
  declare readonly kind: WxLinkErrorKind
  declare readonly statusCode: number | undefined
  declare readonly errno: number | undefined

  constructor(details: WxLinkErrorDetails) {
    super(details.message)
    this.name = 'WxLinkError'
    this.kind = details.kind
    this.statusCode = details.statusCode
    this.errno = details.errno
  }
}

/** The link's own error in whatever a call has thrown; null where the server or the app spoke. */
export function linkError(error: unknown): WxLinkError | null {
  if (error instanceof WxLinkError) return error
  if (error instanceof Error && error.cause instanceof WxLinkError) return error.cause
  return null
}

/** What `fail` of wx.request is given; some platforms leave fields out. */
export interface WxFailure {
  errMsg?: string
  errno?: number
}

// General 5 "time out" and network 600003 "network interrupted":
// https://developers.weixin.qq.com/miniprogram/dev/framework/usability/PublicErrno.html
const kindOfErrno: Record<number, WxLinkErrorKind> = { 5: 'timeout', 600003: 'interrupted' }

/** Turns the phone's failure into an error. `errno` decides where there is one: `errMsg` is localised. */
export function failureOf(failure: WxFailure | undefined): WxLinkError {
  const message = failure?.errMsg ?? 'request:fail'
  const errno = typeof failure?.errno === 'number' ? failure.errno : undefined
  const kind = (errno !== undefined && kindOfErrno[errno]) || kindOfMessage(message)
  return new WxLinkError({ kind, message, errno })
}

function kindOfMessage(message: string): WxLinkErrorKind {
  if (/time(d)?[ -]?out/i.test(message)) return 'timeout'
  if (/interrupted/i.test(message)) return 'interrupted'
  if (/abort/i.test(message)) return 'aborted'
  return 'network'
}
