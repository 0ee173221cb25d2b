import type { Fault, FaultKind } from '../state/faults.ts'
import { errorBody } from '../wechat-error.ts'

/** The path that the fault `redirect` points to. */
export const redirectTarget = '/redirected'

/** Faults that occur before the call is processed, so a one-time code stays unused. */
const skipsProcessing: ReadonlySet<FaultKind> = new Set(['down', 'redirect', 'errcode'])

/** The refusal replaces the reply of a processed call, so the code is used, as WeChat may do too. */
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

/** The reply body under `fault`. Faults of the transport are applied by `createReplyDelivery`. */
export function applyFault(fault: Fault, { now }: { now: number }, process: () => object): object {
  if (skipsProcessing.has(fault.kind)) return errorBody(fault.errcode, now)
  const body = process()
  const isRefused = 'errcode' in body && body.errcode !== 0
  if (isRefused) return body
  const refusal = refusalCodes[fault.kind]
  if (refusal !== undefined) return errorBody(refusal, now)
  return replyEdits[fault.kind]?.(body) ?? body
}
