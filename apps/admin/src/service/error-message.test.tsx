// @vitest-environment jsdom
import { TRPCClientError } from '@trpc/client'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { expect, test } from 'vitest'
import { reasonOf, useErrorMessage } from './error-message.ts'

function refusal(data: Record<string, unknown>): unknown {
  return TRPCClientError.from({ error: { message: 'refused', code: -32_000, data } })
}

function errorMessage(error: unknown, closer?: string): string {
  const Sentence = () => useErrorMessage()(error, closer)
  const place = document.createElement('p')
  const root = createRoot(place)
  flushSync(() => root.render(<Sentence />))
  const sentence = place.textContent
  root.unmount()
  return sentence
}

test('who tried too often is told when to try again', () => {
  expect(errorMessage(refusal({ reason: 'rate_limited', retryAfter: 42 }))).toBe(
    '尝试次数过多。请在 42 秒后再试。',
  )
  expect(errorMessage(refusal({ reason: 'rate_limited', retryAfter: 61 }))).toBe(
    '尝试次数过多。请在 2 分钟后再试。',
  )
})

test('where the service does not say how long, later is soon enough', () => {
  expect(errorMessage(refusal({ reason: 'overloaded' }))).toBe('服务繁忙。请稍后再试。')
})

test('a fault of the service names what its log is searched for', () => {
  expect(errorMessage(refusal({ reason: 'internal', traceId: 'abc' }))).toContain('abc')
})

test('a form knows better what credential was refused, and nothing else', () => {
  expect(errorMessage(refusal({ reason: 'credential_rejected' }), '验证码不正确。')).toBe(
    '验证码不正确。',
  )
  expect(errorMessage(refusal({ reason: 'forbidden' }), '验证码不正确。')).toBe('没有权限这样做。')
})

test('no answer is told apart from a refusal', () => {
  expect(reasonOf(TRPCClientError.from(new TypeError('Failed to fetch')))).toBe('unreachable')
  expect(reasonOf(refusal({ reason: 'forbidden' }))).toBe('forbidden')
  expect(reasonOf(new Error('ours'))).toBe('internal')
})
