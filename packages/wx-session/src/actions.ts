import { faultOfFailure, type WxFailure, type WxFault } from './wx-fault.ts'

export type { WxFailure, WxFault } from './wx-fault.ts'

/** What a page may offer a person whom something of the phone has failed. */
export type WxAction =
  | 'retry'
  | 'signInAgain'
  | 'showPrivacy'
  | 'openSettings'
  /** Nothing helps here and now. */
  | 'blocked'
  /** Only whoever runs the app can mend it. */
  | 'tellOperator'

const actions: Record<WxFault, WxAction> = {
  timeout: 'retry',
  network: 'retry',
  interrupted: 'retry',
  aborted: 'retry',
  domainRefused: 'tellOperator',
  tooOften: 'retry',
  cancelled: 'retry',
  scopeRefused: 'openSettings',
  scopeNotDeclared: 'tellOperator',
  // Of the phone, not of the app: wx.openAppAuthorizeSetting leads there.
  systemPermission: 'openSettings',
  noTap: 'retry',
  privacyNotAgreed: 'showPrivacy',
  privacyNotDeclared: 'tellOperator',
  phoneQuota: 'tellOperator',
  sessionExpired: 'signInAgain',
  storageFull: 'tellOperator',
  unsupported: 'blocked',
  invalidCall: 'tellOperator',
  unknown: 'retry',
}

/** The one action for whatever an API of `wx` has failed with; null where it was not the phone. */
export function actionOfWxError(error: unknown): WxAction | null {
  const fault = faultOfWxError(error)
  return fault && actions[fault]
}

/**
 * What went wrong with the phone: reads the failure given to `fail`, the detail of a button's
 * event, a WxCallError, a WxLinkError, and any error that has one of them as its cause. Null
 * where the phone is not to blame, for example because the server has answered.
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
  const ofPhone = name === 'WxCallError' || (name === 'WxLinkError' && !isReply(kind))
  const text = typeof errMsg === 'string' ? errMsg : ofPhone ? message : undefined
  const failure: WxFailure = {}
  if (typeof text === 'string') failure.errMsg = text
  if (typeof errno === 'number') failure.errno = errno
  return typeof text === 'string' || (typeof errno === 'number' && ofPhone) ? failure : null
}

/** There was a reply, if a senseless one. */
function isReply(kind: unknown): boolean {
  return kind === 'http' || kind === 'malformed'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
