import type { ErrorData, Reason } from '@mianmi/contracts'
import { TRPCClientError } from '@trpc/client'
import { useCallback } from 'react'
import { texts, useText } from '../language/texts.ts'

/** A reason that the service gives, or `unreachable`: no response arrived. */
export type ErrorReason = Reason | 'unreachable'

export const errorMessages = texts({
  zh: {
    invalid_input: '填写的内容不符合要求，请检查后重试。',
    method_not_allowed: '控制台与服务的版本不一致，请刷新页面。',
    unsupported_media_type: '控制台与服务的版本不一致，请刷新页面。',
    code_rejected: '微信不认可这个登录码。',
    code_used: '这个登录码已经用过。',
    user_blocked: '微信封禁了这位用户。',
    app_unknown: '没有配置这个小程序。',
    wechat_rate_limited: '调用微信接口过于频繁。',
    wechat_unavailable: '微信接口暂时没有正常响应。',
    wechat_misconfigured: '微信拒绝了我们的 AppID、密钥或服务器地址，请到“小程序”页测试。',
    ticket_rejected: '凭证无效或已过期。',
    credential_rejected: '账号、密码或验证码不正确。',
    phone_rejected: '这个手机号不能使用。',
    identity_taken: '这个微信身份已绑定到其他用户。',
    account_taken: '这个账号或手机号已被使用。',
    last_credential: '这是该用户最后一种登录方式，这样做之后将无法登录。',
    user_disabled: '这个账号已被停用。',
    proof_required: '需要该微信身份的新登录凭证。',
    unauthenticated: '登录已失效，请重新登录。',
    forbidden:
      '没有权限执行这个操作。如果每个操作都这样，说明本页的地址与服务的地址（ISSUER）不一致：请检查代理是否转发 Host。',
    not_found: '没有找到，可能已被删除。',
    data_rejected: '我们保存的会话密钥已经失效，请等该用户再次登录后重试。',
    rate_limited: '尝试次数过多。',
    overloaded: '服务繁忙。',
    internal: '服务出错了，详情见服务日志。',
    unreachable: '无法连接服务，请检查网络后重试。',
  } satisfies Record<ErrorReason, string>,
  en: {
    invalid_input: 'The input is not valid. Check it and try again.',
    method_not_allowed: 'The console and the service have different versions. Reload the page.',
    unsupported_media_type: 'The console and the service have different versions. Reload the page.',
    code_rejected: 'WeChat rejected this login code.',
    code_used: 'This login code has already been used.',
    user_blocked: 'WeChat has blocked this user.',
    app_unknown: 'This mini program is not configured.',
    wechat_rate_limited: 'The WeChat API is called too often.',
    wechat_unavailable: 'The WeChat API does not respond properly at the moment.',
    wechat_misconfigured:
      'WeChat rejected the AppID, the secret or the server address. Test them on the Mini programs page.',
    ticket_rejected: 'The ticket is invalid or has expired.',
    credential_rejected: 'The account, password or code is incorrect.',
    phone_rejected: 'This phone number cannot be used.',
    identity_taken: 'This WeChat identity is bound to another user.',
    account_taken: 'This account name or phone number is already in use.',
    last_credential:
      'This is the last sign-in method of this person. Without it they could not sign in.',
    user_disabled: 'This account is disabled.',
    proof_required: 'A fresh login code of this WeChat identity is needed.',
    unauthenticated: 'Your session has ended. Sign in again.',
    forbidden:
      'You do not have permission for this action. If it is so for every action, the address of this page is not that of the service (ISSUER): check that the proxy forwards Host.',
    not_found: 'Not found. It may have been deleted.',
    data_rejected:
      'The stored session key is no longer valid. Try again after the person has signed in again.',
    rate_limited: 'Too many attempts.',
    overloaded: 'The service is busy.',
    internal: 'The service failed. See its log for details.',
    unreachable: 'The service cannot be reached. Check the network and try again.',
  },
})

const waitText = texts({
  zh: {
    later: '请稍后再试。',
    seconds: (count: number) => `请在 ${count} 秒后再试。`,
    minutes: (count: number) => `请在 ${count} 分钟后再试。`,
    trace: (id: string) => `追踪号：${id}。`,
  },
  en: {
    later: ' Try again later.',
    seconds: (count: number) => ` Try again in ${count} ${count === 1 ? 'second' : 'seconds'}.`,
    minutes: (count: number) => ` Try again in ${count} ${count === 1 ? 'minute' : 'minutes'}.`,
    trace: (id: string) => ` Trace ID: ${id}.`,
  },
})

/**
 * Errors that pass without a change of the request. `retry`: a query repeats itself after 1 s and 2 s.
 * `later`: the limit lasts longer than that, so only the message says to try again later.
 */
export const transientErrors: ReadonlyMap<ErrorReason, 'retry' | 'later'> = new Map([
  ['unreachable', 'retry'],
  ['overloaded', 'retry'],
  ['rate_limited', 'later'],
  ['wechat_rate_limited', 'later'],
  ['wechat_unavailable', 'later'],
])

function dataOf(error: unknown): Partial<ErrorData> {
  return (error instanceof TRPCClientError ? error.data : null) ?? {}
}

/** The reason of a failed call; `internal` for an error that no tRPC call raised. */
export function reasonOf(error: unknown): ErrorReason {
  return dataOf(error).reason ?? (error instanceof TRPCClientError ? 'unreachable' : 'internal')
}

/**
 * Returns a function that explains an error to the administrator and says when to try again.
 * Its second argument replaces the general message for a rejected credential with the form's own.
 */
export function useErrorMessage(): (error: unknown, credentialMessage?: string) => string {
  const messages = useText(errorMessages)
  const wait = useText(waitText)
  return useCallback(
    (error, credentialMessage) => {
      const reason = reasonOf(error)
      const { retryAfter, traceId } = dataOf(error)
      if (reason === 'credential_rejected' && credentialMessage !== undefined)
        return credentialMessage
      const message = messages[reason]
      if (retryAfter !== undefined && retryAfter < 60) return message + wait.seconds(retryAfter)
      if (retryAfter !== undefined) return message + wait.minutes(Math.ceil(retryAfter / 60))
      if (reason === 'internal' && traceId !== undefined) return message + wait.trace(traceId)
      // The message of `unreachable` already says what to check before trying again.
      const saysLater = transientErrors.has(reason) && reason !== 'unreachable'
      return saysLater ? message + wait.later : message
    },
    [messages, wait],
  )
}
