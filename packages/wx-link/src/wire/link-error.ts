import { assign, fieldsOf } from './fields.ts'

/**
 * Why a call has no reply that tRPC understands.
 *
 * - `network`: the request failed (offline, connection refused, domain not in the allow-list)
 * - `timeout`: no reply in time
 * - `aborted`: the caller aborted the call
 * - `interrupted`: WeChat ended the request, for example 5 s after the app went to the background
 * - `http`: a status other than 2xx with a body that is not a tRPC reply (a gateway's page)
 * - `malformed`: a 2xx reply that is not a tRPC reply, or a batch reply of the wrong length
 *
 * In each of these cases it is unknown whether the server has run the call.
 */
export type WxLinkErrorKind =
  | 'network'
  | 'timeout'
  | 'aborted'
  | 'interrupted'
  | 'http'
  | 'malformed'

/** What a {@link WxLinkError} is made from. */
export interface WxLinkErrorDetails {
  /** Why the call has no reply that tRPC understands. */
  kind: WxLinkErrorKind
  /** The text of the error, for example WeChat's `errMsg`. */
  message: string
  /** HTTP status; undefined when there was no reply. */
  statusCode?: number | undefined
  /** WeChat's error number (base library 2.24 and newer). */
  errno?: number | undefined
}

/** The `cause` of a client error that the server has not sent. Read it with {@link linkError}. */
export class WxLinkError extends Error {
  /** Why the call has no reply that tRPC understands. */
  declare readonly kind: WxLinkErrorKind
  /** HTTP status; undefined when there was no reply. */
  declare readonly statusCode: number | undefined
  /** WeChat's error number; undefined when the phone gave none. */
  declare readonly errno: number | undefined

  constructor(details: WxLinkErrorDetails) {
    super(details.message)
    // As in fetch and in every tRPC link.
    assign(this, details, {
      name: details.kind === 'aborted' ? 'AbortError' : 'WxLinkError',
    })
  }
}

/**
 * Finds the link's own error in what a call has thrown. Null for an error that the server has
 * sent and for any other error.
 */
export const linkError = (error: unknown): WxLinkError | null => {
  const errors = [error, fieldsOf(error)['cause']]
  return errors.find((each) => each instanceof WxLinkError) || null
}

/**
 * The argument of `fail` of wx.request; some platforms leave fields out. `@mianmi/wx-session`
 * declares the same structure: neither package may import the other, because each is published
 * without the other.
 */
export interface WxFailure {
  /** For example `request:fail timeout`. Phones localise some messages. */
  errMsg?: string
  /** WeChat's error number (base library 2.24 and newer). */
  errno?: number
}

/** `errno` decides when there is one, because `errMsg` is localised. */
export const toLinkError = (message: string = 'request:fail', number?: unknown): WxLinkError => {
  const errno = typeof number === 'number' ? number : undefined
  // General "time out" and network "network interrupted":
  // https://developers.weixin.qq.com/miniprogram/dev/framework/usability/PublicErrno.html
  const byErrno: Record<number, WxLinkErrorKind> = { 5: 'timeout', 600003: 'interrupted' }
  const kind = byErrno[errno as number] || kindByMessage(message)
  return new WxLinkError({ kind, message, errno })
}

const kindByMessage = (message: string): WxLinkErrorKind => {
  if (/timed?[ _-]?out/i.test(message)) return 'timeout'
  if (/interrupted/i.test(message)) return 'interrupted'
  return /abort/i.test(message) ? 'aborted' : 'network'
}
