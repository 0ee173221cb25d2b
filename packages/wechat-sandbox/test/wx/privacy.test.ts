import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  type CallRecord,
  createMemoryStorage,
  createPermissions,
  type PrivacyDecision,
  type Wx,
} from '../../src/wx/index.ts'
import { appId } from '../sandbox-server.ts'
import { createPhone } from './phone.ts'

// https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})

afterEach(() => {
  vi.useRealTimers()
})

const notAgreed = (api: string) => ({
  errMsg: `${api}:fail privacy permission is not authorized`,
  errno: 104,
})

function listen(wx: Wx) {
  const waiting: { referrer: string; resolve: (decision: PrivacyDecision) => void }[] = []
  wx.onNeedPrivacyAuthorization((resolve, { referrer }) => waiting.push({ referrer, resolve }))
  return waiting
}

test('a personal API waits for consent and then continues', async () => {
  const { wx, screen } = createPhone()
  const waiting = listen(wx)
  expect(await wx.getPrivacySetting()).toEqual({
    needAuthorization: true,
    privacyContractName: '《小程序用户隐私保护指引》',
    errMsg: 'getPrivacySetting:ok',
  })
  const location = wx.getLocation()
  await expect.poll(() => waiting.map(({ referrer }) => referrer)).toEqual(['getLocation'])
  waiting[0]?.resolve({ event: 'exposureAuthorization' })
  screen.tapAgree('agree-btn')
  waiting[0]?.resolve({ event: 'agree', buttonId: 'agree-btn' })
  expect(await location).toMatchObject({ errMsg: 'getLocation:ok' })
  expect((await wx.getPrivacySetting()).needAuthorization).toBe(false)
  await wx.requirePrivacyAuthorize()
  expect(waiting).toHaveLength(1)
})

test('an agreement counts only after a tap on that button', async () => {
  const { wx } = createPhone()
  const waiting = listen(wx)
  const asked = wx.requirePrivacyAuthorize()
  await expect.poll(() => waiting).toHaveLength(1)
  waiting[0]?.resolve({ event: 'agree', buttonId: 'agree-btn' })
  await expect(asked).rejects.toEqual(notAgreed('requirePrivacyAuthorize'))
  expect((await wx.getPrivacySetting()).needAuthorization).toBe(true)
})

test('parallel calls each ask for consent', async () => {
  const { wx, screen } = createPhone()
  const waiting = listen(wx)
  const both = [wx.requirePrivacyAuthorize(), wx.setClipboardData({ data: 'x' })]
  await expect.poll(() => waiting).toHaveLength(2)
  screen.tapAgree('ok')
  for (const { resolve } of waiting) resolve({ event: 'agree', buttonId: 'ok' })
  await Promise.all(both)
})

test('the last registration wins', async () => {
  const { wx } = createPhone()
  const first = listen(wx)
  const last = listen(wx)
  void wx.requirePrivacyAuthorize().catch(() => undefined)
  await expect.poll(() => last).toHaveLength(1)
  expect(first).toEqual([])
})

test('for ten seconds after a refusal calls fail without asking', async () => {
  const { wx } = createPhone()
  const waiting = listen(wx)
  const refused = wx.getLocation()
  await expect.poll(() => waiting).toHaveLength(1)
  waiting[0]?.resolve({ event: 'disagree' })
  await expect(refused).rejects.toEqual(notAgreed('getLocation'))
  vi.setSystemTime(Date.now() + 9_999)
  await expect(wx.getLocation()).rejects.toEqual(notAgreed('getLocation'))
  expect(waiting).toHaveLength(1)
  vi.setSystemTime(Date.now() + 1)
  void wx.getLocation().catch(() => undefined)
  await expect.poll(() => waiting).toHaveLength(2)
})

test('an API that the privacy guide does not declare fails with 112, even with consent', async () => {
  const { wx, screen } = createPhone({ privacy: { undeclared: ['getLocation'] } })
  screen.tapAgree('ok')
  await expect(wx.getLocation()).rejects.toEqual({
    errMsg: 'getLocation:fail api scope is not declared in the privacy agreement',
    errno: 112,
  })
})

test('without a listener WeChat shows its own consent dialog', async () => {
  const { wx, screen } = createPhone({ privacy: { contractName: '《免密隐私指引》' } })
  screen.answerScopeDialogs(false)
  await expect(wx.requirePrivacyAuthorize()).rejects.toEqual(notAgreed('requirePrivacyAuthorize'))
  vi.setSystemTime(Date.now() + 10_000)
  await wx.requirePrivacyAuthorize()
  expect(screen.scopeDialogs).toHaveLength(2)
  expect(screen.scopeDialogs[0]?.detail).toContain('《免密隐私指引》')
})

test('openPrivacyContract shows the contract without consent', async () => {
  const { wx, screen } = createPhone()
  await wx.openPrivacyContract()
  expect(screen.modals.map(({ title }) => title)).toEqual(['《小程序用户隐私保护指引》'])
})

test('onCall gets the consent, whether tapped or requested by a component', async () => {
  const records: CallRecord[] = []
  const { wx, screen } = createPhone({ onCall: (record) => void records.push(record) })
  const waiting = listen(wx)
  const asked = screen.useComponent('button.getPhoneNumber')
  await expect.poll(() => waiting).toHaveLength(1)
  expect(waiting[0]?.referrer).toBe('button.getPhoneNumber')
  screen.tapAgree('ok')
  waiting[0]?.resolve({ event: 'agree', buttonId: 'ok' })
  await asked
  await expect
    .poll(() => records)
    .toMatchObject([
      { api: 'agreePrivacyAuthorization', ok: true, output: { buttonId: 'ok' } },
      {
        api: 'privacyConsent',
        input: { referrer: 'button.getPhoneNumber' },
        output: { agreed: true },
      },
    ])
})

test('each personal API asks for consent under its own name', async () => {
  const { wx } = createPhone()
  const waiting = listen(wx)
  for (const call of [
    wx.getLocation(),
    wx.setClipboardData({ data: 'x' }),
    wx.getClipboardData(),
    wx.authorize({ scope: 'scope.record' }),
    wx.requirePrivacyAuthorize(),
  ]) {
    call.catch(() => undefined)
  }
  await expect
    .poll(() => waiting.map(({ referrer }) => referrer))
    .toEqual([
      'getLocation',
      'setClipboardData',
      'getClipboardData',
      'scope.record',
      'requirePrivacyAuthorize',
    ])
})

test('an agreement in WeChat’s own dialog is kept', async () => {
  const { wx, screen } = createPhone()
  await wx.requirePrivacyAuthorize()
  await wx.requirePrivacyAuthorize()
  expect(screen.scopeDialogs).toHaveLength(1)
  expect((await wx.getPrivacySetting()).needAuthorization).toBe(false)
})

test('an agreement ends the ten seconds of a refusal', async () => {
  const storage = createMemoryStorage()
  const { wx, screen } = createPhone({ storage })
  const waiting = listen(wx)
  const refused = wx.requirePrivacyAuthorize()
  await expect.poll(() => waiting).toHaveLength(1)
  waiting[0]?.resolve({ event: 'disagree' })
  await expect(refused).rejects.toEqual(notAgreed('requirePrivacyAuthorize'))
  screen.tapAgree('ok')
  createPermissions(storage, appId, () => 'ann').reset()
  void wx.requirePrivacyAuthorize().catch(() => undefined)
  await expect.poll(() => waiting).toHaveLength(2)
})
