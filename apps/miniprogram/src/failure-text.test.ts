import { WxLinkError } from '@mianmi/wx-link'
import { TRPCClientError } from '@trpc/client'
import { describe, expect, it } from 'vitest'
import { describeFailure, reasonOf } from './failure-text.ts'

function refused(data: object): TRPCClientError<never> {
  const error = { message: 'fixed English text', code: -32600, data }
  return TRPCClientError.from({ error } as never)
}

describe('what a failure says', () => {
  it('gives the sentence that belongs to the reason', () => {
    const failure = describeFailure(refused({ reason: 'credential_rejected', traceId: 't' }))
    expect(failure).toEqual({ text: '账号或密码不正确', trace: '' })
  })

  it('says how long to wait where the service knows it', () => {
    const seconds = describeFailure(refused({ reason: 'rate_limited', retryAfter: 30 }))
    const minutes = describeFailure(refused({ reason: 'overloaded', retryAfter: 90 }))
    expect(seconds.text).toBe('操作太频繁了，请 30 秒后再试')
    expect(minutes.text).toBe('服务有点忙，请 2 分钟后再试')
  })

  it('hands over the trace id of a fault that only the operator can look up', () => {
    const failure = describeFailure(refused({ reason: 'internal', traceId: 'abc' }))
    expect(failure).toEqual({ text: '服务出了点问题，请稍后再试', trace: 'abc' })
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

  it('has words for what wx.login itself reports', () => {
    expect(describeFailure({ errMsg: 'login:fail' }).text).toBe('没有成功，请重试')
  })
})
