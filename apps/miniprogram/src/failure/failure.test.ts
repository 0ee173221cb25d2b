import { WxLinkError } from '@mianmi/wx-link/client'
import { NotSignedInError, WxCallError } from '@mianmi/wx-session'
import { TRPCClientError } from '@trpc/client'
import { describe, expect, it } from 'vitest'
import { describeFailure, isNetworkFailure, reasonOf } from './failure.ts'

function serviceError(data: object): TRPCClientError<never> {
  const error = { message: 'fixed English text', code: -32600, data }
  return TRPCClientError.from({ error } as never)
}

describe('describeFailure', () => {
  it('returns the message of the reason', () => {
    const failure = describeFailure(serviceError({ reason: 'credential_rejected', traceId: 't' }))
    expect(failure).toEqual({ text: '账号或密码不正确', trace: '', action: 'retry' })
  })

  it('says how long to wait when the service gives retryAfter', () => {
    const seconds = describeFailure(serviceError({ reason: 'rate_limited', retryAfter: 30 }))
    const minutes = describeFailure(serviceError({ reason: 'overloaded', retryAfter: 90 }))
    expect(seconds.text).toBe('操作太频繁了，请 30 秒后再试')
    expect(minutes.text).toBe('服务有点忙，请 2 分钟后再试')
  })

  it('returns the trace id of a fault that only the administrator can look up', () => {
    const failure = describeFailure(serviceError({ reason: 'internal', traceId: 'abc' }))
    expect(failure).toEqual({
      text: '服务出了点问题，请稍后再试',
      trace: 'abc',
      action: 'contactAdmin',
    })
  })

  it('does not show an unknown reason by its name', () => {
    const error = serviceError({ reason: 'moon_phase', traceId: 't' })
    expect(describeFailure(error).text).toBe('服务出了点问题，请稍后再试')
    expect(reasonOf(error)).toBeUndefined()
  })

  it.each([
    ['network', '网络连接失败，请检查网络后重试'],
    ['timeout', '网络太慢，请求超时，请重试'],
    ['malformed', '服务出了点问题，请稍后再试'],
  ] as const)('has a message for a link failure of kind %s', (kind, text) => {
    const error = TRPCClientError.from(new WxLinkError({ kind, message: 'request:fail' }))
    expect(describeFailure(error).text).toBe(text)
  })

  it('has a message for a failed wx.login, also as the cause of another error', () => {
    const silent = new WxCallError('login', { errMsg: 'login:fail timeout' })
    const text = '微信没有回应，请检查网络后重试'
    expect(describeFailure(silent).text).toBe(text)
    expect(describeFailure(TRPCClientError.from(silent)).text).toBe(text)
  })

  it.each([
    ['getPhoneNumber:fail user deny', true],
    ['chooseAvatar:fail cancel', true],
    ['getLocation:fail auth deny', true],
    ['getPhoneNumber:fail privacy permission is not authorized', true],
    ['getPhoneNumber:fail no permission', undefined],
    ['request:fail timeout', undefined],
  ])('%s is a decision of the person: %s', (errMsg, calm) => {
    expect(describeFailure({ errMsg }).calm).toBe(calm)
  })

  it('says why WeChat has not sent a request, where it gives a reason', () => {
    const message = 'request:fail url not in domain list'
    const error = TRPCClientError.from(new WxLinkError({ kind: 'network', message, errno: 600002 }))
    expect(describeFailure(error).text).toBe('服务地址没有在小程序后台登记，请联系管理员')
    expect(isNetworkFailure(error)).toBe(false)
  })

  it.each(['network', 'timeout', 'interrupted'] as const)(
    '%s is a failure of the network',
    (kind) => {
      const error = TRPCClientError.from(new WxLinkError({ kind, message: 'request:fail' }))
      expect(isNetworkFailure(error)).toBe(true)
    },
  )

  it.each([
    new WxLinkError({ kind: 'http', message: 'HTTP 502' }),
    new WxLinkError({ kind: 'malformed', message: 'not a reply' }),
    serviceError({ reason: 'wechat_unavailable' }),
    new NotSignedInError({ status: 'signedOut' }),
    new TypeError('x is not a function'),
    null,
    undefined,
  ])('%s is none', (error) => {
    expect(isNetworkFailure(error)).toBe(false)
  })

  it('has a message for a call that was not sent without a sign-in', () => {
    const error = TRPCClientError.from(new NotSignedInError({ status: 'signedOut' }))
    expect(describeFailure(error).text).toBe('还没有登录')
  })

  it('has a message for an unexpected error', () => {
    expect(describeFailure(new TypeError('x is not a function')).text).toBe('没有成功，请重试')
  })
})
