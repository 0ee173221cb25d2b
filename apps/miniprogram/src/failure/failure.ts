import type { Reason } from '@mianmi/contracts'
import { isClientError, linkError } from '@mianmi/wx-link/client'
import { notSignedIn } from '@mianmi/wx-session'
import { actionOfWxError, faultOfWxError, type WxAction } from '@mianmi/wx-session/actions'
import {
  type Answer,
  faultTexts,
  linkAnswers,
  notSignedInAnswer,
  reasonAnswers,
  strangeReason,
  unknownAnswer,
} from './answers.ts'

export interface Failure {
  text: string
  /** What to quote to the operator, only where nothing else can be done. '' otherwise. */
  trace: string
  action: WxAction
}

export const noFailure: Failure = { text: '', trace: '', action: 'retry' }

/** One Chinese sentence and one way on for whatever was thrown; a code is never shown by itself. */
export function describeFailure(error: unknown): Failure {
  return toldByService(error) ?? { trace: '', ...answerOf(error) }
}

/** Says it in the words of one place; the reason keeps its way on. */
export function describeWith(texts: Partial<Record<Reason, string>>, error: unknown): Failure {
  const reason = reasonOf(error)
  const text = reason && texts[reason]
  return text ? { ...describeFailure(error), text } : describeFailure(error)
}

/** What to say where the button gave no number; `isClosed`: it will give none for now. */
export function describePhoneRefusal(
  detail: object,
  refused: string,
): { failure: Failure; isClosed: boolean } {
  const fault = faultOfWxError(detail)
  const failure = describeFailure(detail)
  if (fault === 'cancelled') failure.text = refused
  return { failure, isClosed: fault === 'phoneQuota' }
}

/** Why the service refused, or undefined where it is not the service that speaks. */
export function reasonOf(error: unknown): Reason | undefined {
  const reason = dataOf(error)?.['reason']
  return isReason(reason) ? reason : undefined
}

function answerOf(error: unknown): Answer {
  const link = linkError(error)
  if (link) return linkAnswers[link.kind]
  if (notSignedIn(error)) return notSignedInAnswer
  const fault = faultOfWxError(error)
  const action = actionOfWxError(error)
  return fault && action ? { text: faultTexts[fault], action } : unknownAnswer
}

function toldByService(error: unknown): Failure | undefined {
  const data = dataOf(error)
  if (!data) return undefined
  const reason = reasonOf(error)
  const { text, action } = reason ? reasonAnswers[reason] : strangeReason
  const trace = reason && action === 'tellOperator' ? String(data['traceId'] ?? '') : ''
  return { text: withWait(text, data['retryAfter']), trace, action }
}

function withWait(text: string, seconds: unknown): string {
  if (typeof seconds !== 'number' || !(seconds > 0)) return text
  const wait = seconds < 60 ? `${Math.ceil(seconds)} 秒` : `${Math.ceil(seconds / 60)} 分钟`
  return text.replace(/请稍后再试$/, `请 ${wait}后再试`)
}

function isReason(value: unknown): value is Reason {
  return typeof value === 'string' && Object.keys(reasonAnswers).includes(value)
}

function dataOf(error: unknown): Record<string, unknown> | undefined {
  if (!isClientError(error)) return undefined
  const data: unknown = error.data
  return typeof data === 'object' && data !== null ? { ...data } : undefined
}
