import type { Fault, FaultKind } from '../state/faults.ts'
import { errorBody } from '../wechat-error.ts'

export const redirectTarget = '/redirected'

/** These befall a call before it is looked at: a code stays good. */
const skipsProcessing: ReadonlySet<FaultKind> = new Set(['down', 'redirect', 'errcode'])

/** Refused only when it was done: the code is used up, as it may be at the real one. */
const refusalCodes: Partial<Record<FaultKind, number>> = {
  busy: -1,
  blocked: 40226,
  rateLimited: 45011,
  quota: 45009,
}

const replyEdits: Partial<Record<FaultKind, (body: object) => object>> = {
  noOpenid: (body) => ({ ...body, openid: undefined }),
  noUnionid: (body) => ({ ...body, unionid: undefined }),
  errcodeZero: (body) => ({ ...body, errcode: 0, errmsg: 'ok' }),
  huge: (body) => ({ ...body, padding: 'x'.repeat(5 * 1024 * 1024) }),
}

/** What `answer` comes to under this fault; how it is sent is the delivery's. */
export function applyFault(fault: Fault, { now }: { now: number }, process: () => object): object {
  if (skipsProcessing.has(fault.kind)) return errorBody(fault.errcode, now)
  const body = process()
  const isRefused = 'errcode' in body && body.errcode !== 0
  if (isRefused) return body
  const refusal = refusalCodes[fault.kind]
  if (refusal !== undefined) return errorBody(refusal, now)
  return replyEdits[fault.kind]?.(body) ?? body
}
