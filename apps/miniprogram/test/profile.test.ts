// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { me, signedIn, unbound } from './service-replies.ts'
import { ServiceError, type ServiceStub, startServiceStub } from './service-stub.ts'
import { type Phone, startPhone } from './test-phone.ts'

let service: ServiceStub
let phone: Phone

async function openProfile(): Promise<void> {
  phone = await startPhone(service.url)
  await phone.until(() => phone.find('home-profile'))
  phone.tap('home-profile')
}

beforeEach(async () => {
  service = await startServiceStub({
    miniLogin: () => signedIn,
    me: () => me,
    'session.signOut': () => ({}),
  })
})
afterEach(async () => {
  phone.close()
  await service.close()
})

describe('the profile of a signed-in person', () => {
  it('shows the user from a request with the token', async () => {
    await openProfile()
    await phone.until(() => phone.find('profile-account'))
    expect(phone.text('profile-name')).toBe('小林')
    expect(phone.text('profile-account')).toBe('lin')
    expect(phone.text('profile-phone')).toBe('138****8000')
    expect(phone.text('profile-role')).toBe('普通用户')
    expect(phone.text('profile-session-end')).toMatch(/^2026年12月2\d日 \d\d:00$/)
    expect(service.calls.at(-1)).toMatchObject({ path: 'me', token: 'Bearer access-1' })
  })

  it('shows a failure, and loads on the next try', async () => {
    service.handlers['me'] = () => {
      throw new ServiceError('internal')
    }
    await openProfile()
    await phone.until(() => phone.find('retry'))
    expect(phone.text('retry-text')).toBe('服务出了点问题，请稍后再试')
    expect(phone.text('trace')).toContain('trace-1')
    service.handlers['me'] = () => me
    phone.tap('retry')
    await phone.until(() => phone.find('profile-account'))
  })

  it('loads again when it is pulled down', async () => {
    await openProfile()
    await phone.until(() => phone.find('profile-account'))
    service.handlers['me'] = () => ({ ...me, user: { ...me.user, nickname: '林' } })
    phone.pullDown()
    await phone.until(() => phone.text('profile-name') === '林')
  })

  it('keeps its content when loading again fails', async () => {
    await openProfile()
    await phone.until(() => phone.find('profile-account'))
    service.handlers['me'] = () => {
      throw new ServiceError('overloaded', { retryAfter: 5 })
    }
    phone.pullDown()
    await phone.until(() => phone.toast() === '服务有点忙，请 5 秒后再试')
    expect(phone.text('profile-name')).toBe('小林')
  })

  it('signs out after a confirmation, and stays signed out after a relaunch', async () => {
    await openProfile()
    await phone.until(() => phone.find('profile-sign-out'))
    phone.tap('profile-sign-out')
    await phone.answerDialog('退出')
    await phone.until(() => phone.find('profile-sign-in'))
    expect(await service.received('session.signOut')).toMatchObject({
      token: 'Bearer access-1',
    })
    await phone.relaunch()
    await phone.until(() => phone.find('home-badge'))
    expect(phone.text('home-badge')).toBe('访客')
    expect(service.logins()).toBe(1)
  })

  it('stays signed in when the confirmation is cancelled', async () => {
    await openProfile()
    await phone.until(() => phone.find('profile-sign-out'))
    phone.tap('profile-sign-out')
    await phone.answerDialog('取消')
    await phone.relaunch()
    await phone.until(() => phone.find('home-greeting'))
    expect(service.calls.map((call) => call.path)).toEqual(['miniLogin', 'me'])
  })
})

describe('a person who has signed out', () => {
  it('signs in again with one tap and returns to the page', async () => {
    await openProfile()
    await phone.until(() => phone.find('profile-sign-out'))
    phone.tap('profile-sign-out')
    await phone.answerDialog('退出')
    await phone.until(() => phone.find('profile-sign-in'))
    phone.tap('profile-sign-in')
    await phone.until(() => phone.find('sign-in-wechat'))
    phone.tap('sign-in-wechat')
    await phone.until(() => phone.find('profile-account'))
    expect(service.logins()).toBe(2)
  })

  it('gets the forms when the identity is not bound any more', async () => {
    await openProfile()
    await phone.until(() => phone.find('profile-sign-out'))
    phone.tap('profile-sign-out')
    await phone.answerDialog('退出')
    await phone.until(() => phone.find('profile-sign-in'))
    service.handlers['miniLogin'] = () => unbound
    phone.tap('profile-sign-in')
    await phone.until(() => phone.find('sign-in-wechat'))
    phone.tap('sign-in-wechat')
    await phone.until(() => phone.find('submit'))
  })
})

describe('the profile of a guest', () => {
  it('has an invitation to sign in, and makes no request', async () => {
    service.handlers['miniLogin'] = () => unbound
    phone = await startPhone(service.url)
    phone.openTab('pages/profile/index')
    await phone.until(() => phone.find('profile-sign-in'))
    expect(service.calls.map((call) => call.path)).toEqual(['miniLogin'])
  })
})
