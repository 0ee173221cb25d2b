// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unbound } from './service-replies.ts'
import { type ServiceStub, startServiceStub } from './service-stub.ts'
import { type Phone, type PhoneOptions, startPhone } from './test-phone.ts'

let service: ServiceStub
let phone: Phone

async function openPermissions(options?: PhoneOptions): Promise<void> {
  phone = await startPhone(service.url, options)
  await phone.openFromProfile('open-permissions')
  await phone.until(() => phone.find('scope.userLocation'))
}

const state = (scope: string) => phone.find(scope)?.dataset['state']
const becomes = (scope: string, expected: string) => phone.until(() => state(scope) === expected)

async function agreeToGuide(): Promise<void> {
  await phone.until(() => phone.find('privacy-agree'))
  phone.tap('privacy-agree')
}

beforeEach(async () => {
  service = await startServiceStub({ miniLogin: () => unbound })
})
afterEach(async () => {
  phone.close()
  await service.close()
})

describe('a permission', () => {
  it('is asked for only by a tap, and used when it is granted', async () => {
    await openPermissions()
    expect(state('scope.userLocation')).toBe('notAsked')
    phone.tap('scope.userLocation-use')
    await agreeToGuide()
    await phone.answerDialog('允许')
    await becomes('scope.userLocation', 'granted')
    phone.tap('scope.userLocation-use')
    await phone.until(() => phone.find('place'))
    expect(phone.text('place')).toBe('北纬 23.10，东经 113.32')
  })

  it('that was refused is not asked for again; the next tap opens the settings', async () => {
    await openPermissions()
    phone.tap('scope.record-use')
    await agreeToGuide()
    await phone.answerDialog('拒绝')
    await becomes('scope.record', 'refused')
    expect(phone.text('permission-note')).toContain('其他功能照常使用')
    expect(phone.text('scope.record-use')).toBe('去设置里打开')
    phone.tap('scope.record-use')
    const toggle = await phone.until(() => document.querySelector<HTMLElement>('[role=switch]'))
    toggle.click()
    document.querySelector<HTMLElement>('[role=dialog] button')?.click()
    await becomes('scope.record', 'granted')
  })

  it('that was refused in an earlier run opens the settings at the first tap', async () => {
    await openPermissions()
    phone.tap('scope.record-use')
    await agreeToGuide()
    await phone.answerDialog('拒绝')
    await becomes('scope.record', 'refused')
    await phone.relaunch()
    await phone.openFromProfile('open-permissions')
    await becomes('scope.record', 'refused')
    phone.tap('scope.record-use')
    await phone.until(() => document.querySelector('[role=switch]'))
  })

  it('is not asked for when the privacy guide is refused', async () => {
    await openPermissions()
    phone.tap('scope.record-use')
    await phone.until(() => phone.find('privacy-refuse'))
    phone.tap('privacy-refuse')
    await phone.until(() => phone.find('permission-note'))
    expect(phone.text('permission-note')).toContain('没有同意隐私保护指引')
    expect(state('scope.record')).toBe('notAsked')
  })

  it('that the privacy guide does not declare shows a message for the administrator', async () => {
    await openPermissions({ wx: { privacy: { undeclared: ['scope.record'] } } })
    phone.tap('scope.record-use')
    await phone.until(() => phone.find('permission-error'))
    expect(phone.text('permission-error')).toBe('隐私保护指引里没有写明这项用途，请联系管理员')
  })
})

describe('the text size', () => {
  it('follows the setting in WeChat', async () => {
    const base = { SDKVersion: '3.8.0', theme: 'light', fontSizeScaleFactor: 1.3 }
    await openPermissions({ apis: { getAppBaseInfo: () => base } })
    const page = phone.find('scope.userLocation')?.parentElement
    expect(page?.getAttribute('style')?.replaceAll(' ', '')).toContain('--scale:1.3')
  })
})
