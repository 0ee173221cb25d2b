import type { Reason } from '@mianmi/contracts'
import { isClientError, linkError, type WxLinkErrorKind } from '@mianmi/wx-link/client'
import { notSignedIn } from '@mianmi/wx-session'
import {
  actionOfWxError,
  faultOfWxError,
  type WxAction,
  type WxFault,
} from '@mianmi/wx-session/actions'
import {
  type FailureMessage,
  faultTexts,
  linkMessages,
  notSignedInMessage,
  reasonMessages,
  unknownMessage,
  unknownReasonMessage,
} from './failure-messages.ts'

export interface Failure {
  text: string
  /** The trace id for the administrator, when only the administrator can help; '' otherwise. */
  trace: string
  action: WxAction
  /** The person has decided it so: a note, and no error. */
  calm?: true
}

export const noFailure: Failure = { text: '', trace: '', action: 'retry' }

/** The Chinese message and the action for a thrown value. Error codes are not shown. */
export function describeFailure(error: unknown): Failure {
  const fault = faultOfWxError(error)
  const calm = fault && decisions.includes(fault) ? { calm: true as const } : {}
  return serviceFailure(error) ?? { trace: '', ...clientMessage(error), ...calm }
}

/** What the person has decided. */
const decisions: WxFault[] = ['cancelled', 'aborted', 'privacyNotAgreed', 'scopeRefused']

/** The same, with the messages of one page for some reasons. */
export function describeWith(texts: Partial<Record<Reason, string>>, error: unknown): Failure {
  const reason = reasonOf(error)
  const text = reason && texts[reason]
  return text ? { ...describeFailure(error), text } : describeFailure(error)
}

/** For the phone button when it returns no code. `isClosed`: the app's quota is used up. */
export function describePhoneRefusal(
  detail: object,
  cancelledText: string,
): { failure: Failure; isClosed: boolean } {
  const fault = faultOfWxError(detail)
  const failure = describeFailure(detail)
  if (fault === 'cancelled') failure.text = cancelledText
  return { failure, isClosed: fault === 'phoneQuota' }
}

/** The service's reason; undefined when the error is not from the service. */
export function reasonOf(error: unknown): Reason | undefined {
  const reason = errorData(error)?.['reason']
  return isReason(reason) ? reason : undefined
}

/** Whether it may succeed when the network is back. A reply of the service or of WeChat is none of these. */
export function isNetworkFailure(error: unknown): boolean {
  const kind = linkKind(error) ?? faultOfWxError(error)
  return kind === 'network' || kind === 'timeout' || kind === 'interrupted'
}

/** The kind of a request's failure; undefined where WeChat gives a reason that is not the network's. */
function linkKind(error: unknown): WxLinkErrorKind | undefined {
  const kind = linkError(error)?.kind
  const fault = faultOfWxError(error)
  return !fault || fault === 'unknown' || fault in linkMessages ? kind : undefined
}

function clientMessage(error: unknown): FailureMessage {
  const kind = linkKind(error)
  if (kind) return linkMessages[kind]
  if (notSignedIn(error)) return notSignedInMessage
  const fault = faultOfWxError(error)
  const action = actionOfWxError(error)
  return fault && action ? { text: faultTexts[fault], action } : unknownMessage
}

function serviceFailure(error: unknown): Failure | undefined {
  const data = errorData(error)
  if (!data) return undefined
  const reason = reasonOf(error)
  const { text, action } = reason ? reasonMessages[reason] : unknownReasonMessage
  const trace = reason && action === 'contactAdmin' ? String(data['traceId'] ?? '') : ''
  return { text: withWait(text, data['retryAfter']), trace, action }
}

function withWait(text: string, seconds: unknown): string {
  if (typeof seconds !== 'number' || !(seconds > 0)) return text
  const wait = seconds < 60 ? `${Math.ceil(seconds)} 秒` : `${Math.ceil(seconds / 60)} 分钟`
  return text.replace(/请稍后再试$/, `请 ${wait}后再试`)
}

function isReason(value: unknown): value is Reason {
  return typeof value === 'string' && Object.keys(reasonMessages).includes(value)
}

function errorData(error: unknown): Record<string, unknown> | undefined {
  if (!isClientError(error)) return undefined
  const data: unknown = error.data
  return typeof data === 'object' && data !== null ? { ...data } : undefined
}
