import type { Reason } from '@mianmi/contracts'
import { linkError, type WxLinkErrorKind } from '@mianmi/wx-link'
import { notSignedIn, WxCallError } from '@mianmi/wx-session'
import { TRPCClientError } from '@trpc/client'

export interface Failure {
  text: string
  /** What to quote to the operator, only where nothing else can be done. '' otherwise. */
  trace: string
}

const busy = '服务有点忙，请稍后再试'
const broken = '服务出了点问题，请稍后再试'

const reasonTexts: Record<Reason, string> = {
  invalid_input: '填写的内容不符合要求，请检查后重试',
  code_rejected: '微信登录凭证已失效，请重试',
  code_used: '微信登录凭证已失效，请重试',
  user_blocked: '微信判定当前账号存在风险，暂时不能登录',
  app_unknown: '这个小程序还没有在服务中登记，请联系管理员',
  wechat_rate_limited: '登录太频繁了，请稍后再试',
  wechat_unavailable: '微信服务暂时没有响应，请稍后再试',
  wechat_misconfigured: '服务的微信配置有误，请联系管理员',
  ticket_rejected: '停留太久，绑定凭证已失效，请再试一次',
  credential_rejected: '账号或密码不正确',
  phone_rejected: '这个手机号不能用于绑定，请改用账号和密码',
  identity_taken: '这个微信已经绑定了其他账号',
  account_taken: '这个账号名已被使用，请换一个',
  last_credential: '这是唯一的登录方式，不能解除',
  user_disabled: '账号已被停用，请联系管理员',
  unauthenticated: '登录已失效，请重新登录',
  forbidden: '没有权限进行此操作',
  not_found: '内容不存在或已被删除',
  data_rejected: '微信返回的数据未通过校验，请重试',
  rate_limited: '操作太频繁了，请稍后再试',
  overloaded: busy,
  internal: broken,
}

const linkTexts: Record<WxLinkErrorKind, string> = {
  network: '网络连接失败，请检查网络后重试',
  timeout: '网络太慢，请求超时，请重试',
  interrupted: '请求被中断，请重试',
  aborted: '请求已取消',
  http: broken,
  malformed: broken,
}

/** One Chinese sentence for whatever was thrown; a code is never shown by itself. */
export function describeFailure(error: unknown): Failure {
  const told = toldByService(error)
  if (told) return told
  const link = linkError(error)
  if (link) return { text: linkTexts[link.kind], trace: '' }
  if (notSignedIn(error)) return { text: '还没有登录', trace: '' }
  if (isPhoneFault(error)) return { text: '微信没有回应，请检查网络后重试', trace: '' }
  return { text: '没有成功，请重试', trace: '' }
}

/** Why the service refused, or undefined where it is not the service that speaks. */
export function reasonOf(error: unknown): Reason | undefined {
  const reason = dataOf(error)?.['reason']
  return isReason(reason) ? reason : undefined
}

function toldByService(error: unknown): Failure | undefined {
  const data = dataOf(error)
  if (!data) return undefined
  const reason = reasonOf(error)
  const text = withWait(reason ? reasonTexts[reason] : broken, data['retryAfter'])
  const trace = reason === 'internal' ? String(data['traceId'] ?? '') : ''
  return { text, trace }
}

function isPhoneFault(error: unknown): boolean {
  return error instanceof WxCallError || (error instanceof Error && isPhoneFault(error.cause))
}

function withWait(text: string, seconds: unknown): string {
  if (typeof seconds !== 'number' || !(seconds > 0)) return text
  const wait = seconds < 60 ? `${Math.ceil(seconds)} 秒` : `${Math.ceil(seconds / 60)} 分钟`
  return text.replace(/请稍后再试$/, `请 ${wait}后再试`)
}

function isReason(value: unknown): value is Reason {
  return typeof value === 'string' && Object.keys(reasonTexts).includes(value)
}

function dataOf(error: unknown): Record<string, unknown> | undefined {
  if (!(error instanceof TRPCClientError)) return undefined
  const data: unknown = error.data
  return typeof data === 'object' && data !== null ? { ...data } : undefined
}
