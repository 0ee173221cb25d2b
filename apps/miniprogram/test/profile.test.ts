// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Phone, startPhone } from './phone.ts'
import { Refusal, type StandIn, startStandIn } from './stand-in.ts'
import { me, signedIn, unbound } from './wire.ts'

let service: StandIn
let phone: Phone

async function openProfile(): Promise<void> {
  phone = await startPhone(service.url)
  await phone.until(() => phone.find('home-profile'))
  phone.tap('home-profile')
}

beforeEach(async () => {
  service = await startStandIn({
    miniLogin: () => signedIn,
    me: () => me,
    'session.signOut': () => ({}),
  })
})
afterEach(async () => {
  phone.close()
  await service.close()
})

describe('the profile of somebody signed in', () => {
  it('shows what the service knows, asked with the token', async () => {
    await openProfile()
    await phone.until(() => phone.find('profile-account'))
    expect(phone.text('profile-name')).toBe('小林')
    expect(phone.text('profile-account')).toBe('lin')
    expect(phone.text('profile-phone')).toBe('138****8000')
    expect(phone.text('profile-role')).toBe('普通用户')
    expect(phone.text('profile-session-end')).toMatch(/^2026年12月2\d日 \d\d:00$/)
    expect(service.calls.at(-1)).toMatchObject({ path: 'me', token: 'Bearer access-1' })
  })

  it('says what went wrong, and loads on the next try', async () => {
    service.answers['me'] = () => {
      throw new Refusal('internal')
    }
    await openProfile()
    await phone.until(() => phone.find('retry'))
    expect(phone.text('retry-text')).toBe('服务出了点问题，请稍后再试')
    expect(phone.text('trace')).toContain('trace-1')
    service.answers['me'] = () => me
    phone.tap('retry')
    await phone.until(() => phone.find('profile-account'))
  })

  it('asks again when it is pulled down', async () => {
    await openProfile()
    await phone.until(() => phone.find('profile-account'))
    service.answers['me'] = () => ({ ...me, user: { ...me.user, nickname: '林' } })
    phone.pullDown()
    await phone.until(() => phone.text('profile-name') === '林')
  })

  it('keeps what it shows where asking again fails', async () => {
    await openProfile()
    await phone.until(() => phone.find('profile-account'))
    service.answers['me'] = () => {
      throw new Refusal('overloaded', { retryAfter: 5 })
    }
    phone.pullDown()
    await phone.until(() => phone.toast() === '服务有点忙，请 5 秒后再试')
    expect(phone.text('profile-name')).toBe('小林')
  })

  it('signs out when asked twice, and stays signed out after a relaunch', async () => {
    await openProfile()
    await phone.until(() => phone.find('profile-sign-out'))
    phone.tap('profile-sign-out')
    await phone.answerDialog('退出')
    await phone.until(() => phone.find('profile-sign-in'))
    expect(await service.heard('session.signOut')).toMatchObject({
      token: 'Bearer access-1',
    })
    await phone.relaunch()
    await phone.until(() => phone.find('home-badge'))
    expect(phone.text('home-badge')).toBe('访客')
    expect(service.logins()).toBe(1)
  })

  it('stays signed in when the question is answered with no', async () => {
    await openProfile()
    await phone.until(() => phone.find('profile-sign-out'))
    phone.tap('profile-sign-out')
    await phone.answerDialog('取消')
    await phone.relaunch()
    await phone.until(() => phone.find('home-greeting'))
    expect(service.calls.map((call) => call.path)).toEqual(['miniLogin', 'me'])
  })
})

describe('somebody who signed out', () => {
  it('comes back with one tap, to the page they were on', async () => {
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

  it('is shown the forms where the WeChat is not bound any more', async () => {
    await openProfile()
    await phone.until(() => phone.find('profile-sign-out'))
    phone.tap('profile-sign-out')
    await phone.answerDialog('退出')
    await phone.until(() => phone.find('profile-sign-in'))
    service.answers['miniLogin'] = () => unbound
    phone.tap('profile-sign-in')
    await phone.until(() => phone.find('sign-in-wechat'))
    phone.tap('sign-in-wechat')
    await phone.until(() => phone.find('submit'))
  })
})

describe('the profile of a guest', () => {
  it('invites to sign in, and asks the service for nothing', async () => {
    service.answers['miniLogin'] = () => unbound
    phone = await startPhone(service.url)
    phone.openTab('pages/profile/index')
    await phone.until(() => phone.find('profile-sign-in'))
    expect(service.calls.map((call) => call.path)).toEqual(['miniLogin'])
  })
})
