import { WxLinkError } from '@mianmi/wx-link/client'
import { NotSignedInError, WxCallError } from '@mianmi/wx-session'
import { TRPCClientError } from '@trpc/client'
import { describe, expect, it } from 'vitest'
import { describeFailure, reasonOf } from './failure.ts'

function refused(data: object): TRPCClientError<never> {
  const error = { message: 'fixed English text', code: -32600, data }
  return TRPCClientError.from({ error } as never)
}

describe('what a failure says', () => {
  it('gives the sentence that belongs to the reason', () => {
    const failure = describeFailure(refused({ reason: 'credential_rejected', traceId: 't' }))
    expect(failure).toEqual({ text: '账号或密码不正确', trace: '', action: 'retry' })
  })

  it('says how long to wait where the service knows it', () => {
    const seconds = describeFailure(refused({ reason: 'rate_limited', retryAfter: 30 }))
    const minutes = describeFailure(refused({ reason: 'overloaded', retryAfter: 90 }))
    expect(seconds.text).toBe('操作太频繁了，请 30 秒后再试')
    expect(minutes.text).toBe('服务有点忙，请 2 分钟后再试')
  })

  it('hands over the trace id of a fault that only the operator can look up', () => {
    const failure = describeFailure(refused({ reason: 'internal', traceId: 'abc' }))
    expect(failure).toEqual({
      text: '服务出了点问题，请稍后再试',
      trace: 'abc',
      action: 'tellOperator',
    })
  })

  it('never shows a reason of a newer service by its name', () => {
    const error = refused({ reason: 'moon_phase', traceId: 't' })
    expect(describeFailure(error).text).toBe('服务出了点问题，请稍后再试')
    expect(reasonOf(error)).toBeUndefined()
  })

  it.each([
    ['network', '网络连接失败，请检查网络后重试'],
    ['timeout', '网络太慢，请求超时，请重试'],
    ['malformed', '服务出了点问题，请稍后再试'],
  ] as const)('has words for a %s failure on the way', (kind, text) => {
    const error = TRPCClientError.from(new WxLinkError({ kind, message: 'request:fail' }))
    expect(describeFailure(error).text).toBe(text)
  })

  it('has words for a phone that gives no login code, also from within a call', () => {
    const silent = new WxCallError('login', { errMsg: 'login:fail timeout' })
    const text = '微信没有回应，请检查网络后重试'
    expect(describeFailure(silent).text).toBe(text)
    expect(describeFailure(TRPCClientError.from(silent)).text).toBe(text)
  })

  it('has words for a call that was not sent for lack of a sign-in', () => {
    const error = TRPCClientError.from(new NotSignedInError({ status: 'signedOut' }))
    expect(describeFailure(error).text).toBe('还没有登录')
  })

  it('has words for what nobody foresaw', () => {
    expect(describeFailure(new TypeError('x is not a function')).text).toBe('没有成功，请重试')
  })
})
