import type { Reason } from '@mianmi/contracts'
import type { WxLinkErrorKind } from '@mianmi/wx-link/client'
import type { WxAction, WxFault } from '@mianmi/wx-session/actions'

/** The message for the person, and the action that helps. */
export interface FailureMessage {
  text: string
  action: WxAction
}

const busy = '服务有点忙，请稍后再试'
const serviceFault = '服务出了点问题，请稍后再试'

/** The service's reasons. It does not compile when one is missing. */
export const reasonMessages: Record<Reason, FailureMessage> = {
  invalid_input: { text: '填写的内容不符合要求，请检查后重试', action: 'retry' },
  method_not_allowed: { text: serviceFault, action: 'contactAdmin' },
  unsupported_media_type: { text: serviceFault, action: 'contactAdmin' },
  code_rejected: { text: '微信登录凭证已失效，请重试', action: 'signInAgain' },
  code_used: { text: '微信登录凭证已失效，请重试', action: 'signInAgain' },
  user_blocked: { text: '微信判定当前账号存在风险，暂时不能登录', action: 'blocked' },
  app_unknown: { text: '这个小程序还没有在服务中登记，请联系管理员', action: 'contactAdmin' },
  wechat_rate_limited: { text: '登录太频繁了，请稍后再试', action: 'retry' },
  wechat_unavailable: { text: '微信服务暂时没有响应，请稍后再试', action: 'retry' },
  wechat_misconfigured: { text: '服务的微信配置有误，请联系管理员', action: 'contactAdmin' },
  ticket_rejected: { text: '停留太久，绑定凭证已失效，请再试一次', action: 'signInAgain' },
  credential_rejected: { text: '账号或密码不正确', action: 'retry' },
  phone_rejected: { text: '这个手机号不能用于绑定，请改用账号和密码', action: 'retry' },
  identity_taken: { text: '这个微信已经绑定了其他账号', action: 'signInAgain' },
  account_taken: { text: '已被其他账号使用，请换一个', action: 'retry' },
  last_credential: { text: '这是唯一的登录方式，不能解除', action: 'blocked' },
  user_disabled: { text: '账号已被停用，请联系管理员', action: 'blocked' },
  proof_required: { text: '需要再次确认微信身份，请重试', action: 'retry' },
  unauthenticated: { text: '登录已失效，请重新登录', action: 'signInAgain' },
  forbidden: { text: '没有权限进行此操作', action: 'blocked' },
  not_found: { text: '内容不存在或已被删除', action: 'retry' },
  data_rejected: { text: '微信返回的数据未通过校验，请重试', action: 'retry' },
  rate_limited: { text: '操作太频繁了，请稍后再试', action: 'retry' },
  overloaded: { text: busy, action: 'retry' },
  internal: { text: serviceFault, action: 'contactAdmin' },
}

/** Failures between the phone and the service. */
export const linkMessages: Record<WxLinkErrorKind, FailureMessage> = {
  network: { text: '网络连接失败，请检查网络后重试', action: 'retry' },
  timeout: { text: '网络太慢，请求超时，请重试', action: 'retry' },
  interrupted: { text: '请求被中断，请重试', action: 'retry' },
  aborted: { text: '请求已取消', action: 'retry' },
  http: { text: serviceFault, action: 'retry' },
  malformed: { text: serviceFault, action: 'retry' },
}

/** Failures of `wx` APIs. */
export const faultTexts: Record<WxFault, string> = {
  timeout: '微信没有回应，请检查网络后重试',
  network: '微信没有回应，请检查网络后重试',
  interrupted: '操作被中断，请重试',
  aborted: '操作已取消',
  domainRefused: '服务地址没有在小程序后台登记，请联系管理员',
  tlsTooOld: '服务的 TLS 版本低于微信的要求，请联系管理员',
  tooOften: '操作太频繁了，请稍后再试',
  cancelled: '已取消，可以再试一次',
  scopeRefused: '权限没有打开，可以在设置里打开',
  scopeNotDeclared: '小程序没有声明这项权限，请联系管理员',
  systemPermission: '手机没有允许微信使用它，请到手机的系统设置里打开',
  noTap: '没有成功，请再点一次',
  privacyNotAgreed: '需要先同意隐私保护指引',
  privacyNotDeclared: '隐私保护指引里没有写明这项用途，请联系管理员',
  phoneQuota: '手机号快捷登录暂时用不了，请用账号和密码',
  apiNotGranted: '小程序没有开通这项能力，请联系管理员',
  sessionExpired: '微信登录已失效，请重新登录',
  storageFull: '小程序的存储空间已满，请清理后重试',
  unsupported: '当前微信版本不支持，请更新微信',
  invalidCall: '小程序出了点问题，请联系管理员',
  unknown: '没有成功，请重试',
}

export const unknownMessage: FailureMessage = { text: '没有成功，请重试', action: 'retry' }
export const unknownReasonMessage: FailureMessage = { text: serviceFault, action: 'contactAdmin' }
export const notSignedInMessage: FailureMessage = { text: '还没有登录', action: 'signInAgain' }
