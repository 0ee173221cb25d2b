// @vitest-environment jsdom
import '../../test/harness/in-chinese.ts'
import { TRPCClientError } from '@trpc/client'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { expect, test } from 'vitest'
import { reasonOf, useErrorMessage } from './error-message.ts'

function callError(data: Record<string, unknown>): unknown {
  return TRPCClientError.from({ error: { message: 'failed', code: -32_000, data } })
}

function errorMessage(error: unknown, credentialMessage?: string): string {
  const Message = () => useErrorMessage()(error, credentialMessage)
  const container = document.createElement('p')
  const root = createRoot(container)
  flushSync(() => root.render(<Message />))
  const text = container.textContent
  root.unmount()
  return text
}

test('a rate-limited call says when to try again', () => {
  expect(errorMessage(callError({ reason: 'rate_limited', retryAfter: 42 }))).toBe(
    '尝试次数过多。请在 42 秒后再试。',
  )
  expect(errorMessage(callError({ reason: 'rate_limited', retryAfter: 61 }))).toBe(
    '尝试次数过多。请在 2 分钟后再试。',
  )
})

test('a transient error without a time says to try again later', () => {
  expect(errorMessage(callError({ reason: 'overloaded' }))).toBe('服务繁忙。请稍后再试。')
})

test('without a response the message says to check the network', () => {
  const error = TRPCClientError.from(new TypeError('Failed to fetch'))
  expect(errorMessage(error)).toBe('无法连接服务，请检查网络后重试。')
})

test('an internal error shows the trace ID of the service log', () => {
  expect(errorMessage(callError({ reason: 'internal', traceId: 'abc' }))).toContain('abc')
})

test('the message of a form replaces that of a rejected credential only', () => {
  expect(errorMessage(callError({ reason: 'credential_rejected' }), '验证码不正确。')).toBe(
    '验证码不正确。',
  )
  expect(errorMessage(callError({ reason: 'forbidden' }), '验证码不正确。')).toBe(
    '没有权限执行这个操作。如果每个操作都这样，说明本页的地址与服务的地址（ISSUER）不一致：请检查代理是否转发 Host。',
  )
})

test('a missing response is distinguished from an error of the service', () => {
  expect(reasonOf(TRPCClientError.from(new TypeError('Failed to fetch')))).toBe('unreachable')
  expect(reasonOf(callError({ reason: 'forbidden' }))).toBe('forbidden')
  expect(reasonOf(new Error('not from a call'))).toBe('internal')
})
