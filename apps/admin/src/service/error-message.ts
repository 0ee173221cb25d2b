import type { ErrorData, Reason } from '@mianmi/contracts'
import { TRPCClientError } from '@trpc/client'
import { useCallback } from 'react'
import { texts, useText } from '../language/texts.ts'

/** `unreachable` is no reason of the service: no answer of it came at all. */
export type ErrorReason = Reason | 'unreachable'

export const errorMessages = texts({
  zh: {
    invalid_input: '填写的内容不符合要求，请检查后重试。',
    code_rejected: '微信不认可这个登录码。',
    code_used: '这个登录码已经用过。',
    user_blocked: '微信封禁了这位用户。',
    app_unknown: '没有配置这个小程序。',
    wechat_rate_limited: '调用微信过于频繁。',
    wechat_unavailable: '微信暂时没有正常应答。',
    wechat_misconfigured: '微信拒绝了我们的 AppID、密钥或服务器地址，请到“小程序”页测试。',
    ticket_rejected: '凭证无效或已过期。',
    credential_rejected: '账号、密码或验证码不正确。',
    phone_rejected: '这个手机号不能使用。',
    identity_taken: '这个微信身份已绑定到其他人。',
    account_taken: '这个账号或手机号已被使用。',
    last_credential: '这是对方最后一种登录方式，解绑后将无法登录。',
    user_disabled: '这个账号已被停用。',
    unauthenticated: '登录已失效，请重新登录。',
    forbidden: '没有权限这样做。',
    not_found: '没有找到，可能已被删除。',
    data_rejected: '我们保存的会话密钥已经失效，等此人再次登录后重试。',
    rate_limited: '尝试次数过多。',
    overloaded: '服务繁忙。',
    internal: '服务出错了，详情在服务日志里。',
    unreachable: '连不上服务，请检查网络后重试。',
  } satisfies Record<ErrorReason, string>,
  en: {
    invalid_input: 'Something filled in does not fit. Check it and try again.',
    code_rejected: 'WeChat refuses this login code.',
    code_used: 'This login code was used before.',
    user_blocked: 'WeChat blocks this user.',
    app_unknown: 'This mini program is not configured.',
    wechat_rate_limited: 'WeChat is called too often.',
    wechat_unavailable: 'WeChat gives no proper answer right now.',
    wechat_misconfigured:
      'WeChat refuses our AppID, secret or server address. Test it on the page Mini programs.',
    ticket_rejected: 'The ticket is not valid any more.',
    credential_rejected: 'The account, password or code is not right.',
    phone_rejected: 'This phone number cannot be used.',
    identity_taken: 'This WeChat identity is bound to somebody else.',
    account_taken: 'This account name or phone number is in use.',
    last_credential: 'This is their last way to sign in; without it they would be locked out.',
    user_disabled: 'This account is disabled.',
    unauthenticated: 'You are no longer signed in. Sign in again.',
    forbidden: 'You are not allowed to do this.',
    not_found: 'Not found. It may have been deleted.',
    data_rejected:
      'The session key that we keep is stale. Try again once they have signed in anew.',
    rate_limited: 'Too many tries.',
    overloaded: 'The service is busy.',
    internal: 'The service failed. Its log has the details.',
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
    trace: (id: string) => ` Trace ${id}.`,
  },
})

/** Refusals that pass by waiting. */
const passing: ReadonlySet<ErrorReason> = new Set([
  'wechat_rate_limited',
  'wechat_unavailable',
  'rate_limited',
  'overloaded',
])

function dataOf(error: unknown): Partial<ErrorData> {
  return (error instanceof TRPCClientError ? error.data : null) ?? {}
}

/** Why a call was refused, as the service or the network says it. */
export function reasonOf(error: unknown): ErrorReason {
  return dataOf(error).reason ?? (error instanceof TRPCClientError ? 'unreachable' : 'internal')
}

/** Says in a sentence what went wrong, and when to try again; `closer` knows better what credential was refused. */
export function useErrorMessage(): (error: unknown, closer?: string) => string {
  const messages = useText(errorMessages)
  const wait = useText(waitText)
  return useCallback(
    (error, closer) => {
      const fault = reasonOf(error)
      const { retryAfter, traceId } = dataOf(error)
      if (fault === 'credential_rejected' && closer !== undefined) return closer
      const message = messages[fault]
      if (retryAfter !== undefined && retryAfter < 60) return message + wait.seconds(retryAfter)
      if (retryAfter !== undefined) return message + wait.minutes(Math.ceil(retryAfter / 60))
      if (fault === 'internal' && traceId !== undefined) return message + wait.trace(traceId)
      return passing.has(fault) ? message + wait.later : message
    },
    [messages, wait],
  )
}
