import type { CallRecord } from '@mianmi/wechat-sandbox/wx'
import { expect, test } from 'vitest'
import { toLogEntry } from './log-entry.ts'

const record = (api: string, rest: Partial<CallRecord>): CallRecord => ({
  api,
  startedAt: 0,
  endedAt: 5,
  input: {},
  ok: true,
  output: {},
  ...rest,
})

test('a popup shows the request and the decision', () => {
  const input = { scope: 'scope.record', title: '使用你的麦克风' }
  expect(toLogEntry(record('scopeDialog', { input, output: { granted: false } }))).toMatchObject({
    kind: 'person',
    title: 'scopeDialog',
    detail: '使用你的麦克风',
    ok: false,
    outcome: { key: 'log.denied' },
  })
  const consent = record('privacyConsent', {
    input: { referrer: 'getLocation' },
    output: { agreed: true },
  })
  expect(toLogEntry(consent)).toMatchObject({
    detail: 'getLocation',
    ok: true,
    outcome: { key: 'log.allowed' },
  })
})

test('a failure shows its message and errno', () => {
  const output = { errMsg: 'authorize:fail auth deny', errno: 103 }
  const input = { scope: 'scope.record' }
  expect(toLogEntry(record('authorize', { input, ok: false, output }))).toMatchObject({
    kind: 'person',
    title: 'wx.authorize',
    ok: false,
    outcome: 'fail auth deny (103)',
  })
})

test('a phone code is shortened', () => {
  const output = { code: '0123456789abcdef', errMsg: 'getPhoneNumber:ok' }
  const entry = toLogEntry(record('button.getPhoneNumber', { output }))
  expect(entry).toMatchObject({ kind: 'person', title: 'button.getPhoneNumber', outcome: 'ok' })
  expect(JSON.stringify(entry)).not.toContain('0123456789')
})
