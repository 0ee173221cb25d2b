import { faultOfFailure, type WxFailure, type WxFault } from './wx-fault.ts'

export type { WxFailure, WxFault } from './wx-fault.ts'

/** What a page can offer to a person after a failure of a `wx` API. */
export type WxAction =
  | 'retry'
  | 'signInAgain'
  /** Open the privacy guide: wx.openPrivacyContract. */
  | 'showPrivacy'
  /** Open the settings: wx.openSetting, or wx.openAppAuthorizeSetting for those of the phone. */
  | 'openSettings'
  /** No action helps on this phone. */
  | 'blocked'
  /** The fault is in the app or its configuration in WeChat's console. */
  | 'contactAdmin'

const actionByFault: Record<WxFault, WxAction> = {
  timeout: 'retry',
  network: 'retry',
  interrupted: 'retry',
  aborted: 'retry',
  domainRefused: 'contactAdmin',
  tlsTooOld: 'contactAdmin',
  tooOften: 'retry',
  cancelled: 'retry',
  scopeRefused: 'openSettings',
  scopeNotDeclared: 'contactAdmin',
  // In the settings of the phone's system, which wx.openAppAuthorizeSetting opens.
  systemPermission: 'openSettings',
  noTap: 'retry',
  privacyNotAgreed: 'showPrivacy',
  privacyNotDeclared: 'contactAdmin',
  phoneQuota: 'contactAdmin',
  apiNotGranted: 'contactAdmin',
  sessionExpired: 'signInAgain',
  storageFull: 'contactAdmin',
  unsupported: 'blocked',
  invalidCall: 'contactAdmin',
  unknown: 'retry',
}

/**
 * The action to offer after an error. Null when the error does not come from a `wx` API, for
 * example because the server has sent it. Reads the same values as {@link faultOfWxError}.
 *
 * @example
 * ```ts
 * import { actionOfWxError, type WxAction } from '@mianmi/wx-session/actions'
 *
 * const labels = {
 *   retry: '重试',
 *   signInAgain: '重新登录',
 *   showPrivacy: '查看隐私指引',
 *   openSettings: '去设置',
 *   blocked: null,
 *   contactAdmin: '联系管理员',
 * } satisfies Record<WxAction, string | null>
 *
 * wx.getLocation({
 *   fail: (failure) => {
 *     const action = actionOfWxError(failure)
 *     const label = action && labels[action]
 *     if (label) wx.showToast({ title: label, icon: 'none' })
 *   },
 * })
 * ```
 */
export function actionOfWxError(error: unknown): WxAction | null {
  const fault = faultOfWxError(error)
  return fault && actionByFault[fault]
}

/**
 * The kind of a failure of a `wx` API. Reads the argument of `fail`, the detail of a button's
 * event, a WxCallError, a WxLinkError, and an error that has one of them as its cause (at most
 * three causes deep). Null for any other value, for example an error that the server has sent.
 */
export function faultOfWxError(error: unknown): WxFault | null {
  let current = error
  for (let depth = 0; depth < 4; depth += 1) {
    const failure = failureIn(current)
    if (failure) return faultOfFailure(failure)
    current = isRecord(current) ? current['cause'] : null
  }
  return null
}

function failureIn(error: unknown): WxFailure | null {
  if (!isRecord(error)) return null
  const { errMsg, errno, message, name, kind } = error
  const isWxError =
    name === 'WxCallError' ||
    name === 'AbortError' ||
    // Of the session: the app's own exchange, or a call, has not ended.
    name === 'TimeoutError' ||
    (name === 'WxLinkError' && !hasReply(kind))
  const text = typeof errMsg === 'string' ? errMsg : isWxError ? message : undefined
  const failure: WxFailure = {}
  if (typeof text === 'string') failure.errMsg = text
  // Some platforms give it as text.
  const number = typeof errno === 'string' ? Number(errno) : errno
  if (typeof number === 'number') failure.errno = number
  return typeof text === 'string' || (typeof number === 'number' && isWxError) ? failure : null
}

/** Kinds of a WxLinkError for which the server, or a gateway, has replied. */
function hasReply(kind: unknown): boolean {
  return kind === 'http' || kind === 'malformed'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
