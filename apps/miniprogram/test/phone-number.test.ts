// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signedIn, unbound } from './service-replies.ts'
import { ServiceError, type ServiceStub, startServiceStub } from './service-stub.ts'
import { type Phone, type PhoneOptions, startPhone } from './test-phone.ts'

let service: ServiceStub
let phone: Phone

async function openForms(options?: PhoneOptions): Promise<void> {
  phone = await startPhone(service.url, options)
  await phone.until(() => phone.find('home-sign-in'))
  phone.tap('home-sign-in')
  await phone.until(() => phone.find('sign-in-phone'))
}

beforeEach(async () => {
  service = await startServiceStub({ miniLogin: () => unbound, bind: () => signedIn })
})
afterEach(async () => {
  phone.close()
  await service.close()
})

const binds = () => service.calls.filter((call) => call.path === 'bind').map((call) => call.input)

describe('signing in with the phone number', () => {
  it('needs one tap and the person’s permission; that tap also agrees to the privacy guide', async () => {
    await openForms()
    phone.tap('sign-in-phone')
    await phone.answerDialog('允许')
    await phone.until(() => phone.find('home-greeting'))
    expect(binds()).toEqual([
      { proof: { ticket: 'ticket-1' }, credential: { type: 'phone', code: 'phone-1' } },
    ])
    expect(phone.find('privacy-consent')).toBeNull()
  })

  it('links to the privacy guide', async () => {
    await openForms()
    phone.tap('privacy-guide')
    await phone.answerDialog('知道了')
    expect(binds()).toEqual([])
  })

  it('can be refused, and the password still works', async () => {
    await openForms()
    phone.tap('sign-in-phone')
    await phone.answerDialog('不允许')
    await phone.until(() => phone.find('phone-error'))
    expect(phone.text('phone-error')).toBe('没有使用手机号，也可以用账号和密码')
    expect(phone.find('phone-error')?.closest('[role]')?.role).toBe('note')
    expect(binds()).toEqual([])
    phone.type('field-account', 'lin')
    phone.type('field-password', 'correct horse')
    phone.tap('submit')
    await phone.until(() => phone.find('home-greeting'))
  })

  it('is removed when the app’s quota of numbers is used up', async () => {
    const errMsg = 'getPhoneNumber:fail no quota'
    await openForms({ phoneNumber: async () => ({ errMsg, errno: 1400001 }) })
    phone.tap('sign-in-phone')
    await phone.answerDialog('允许')
    await phone.until(() => phone.find('phone-error'))
    expect(phone.text('phone-error')).toBe('手机号快捷登录暂时用不了，请用账号和密码')
    expect(phone.find('sign-in-phone')).toBeNull()
    expect(phone.find('submit')).not.toBeNull()
  })

  it.each([
    ['phone_rejected', '这个手机号不能用于绑定，请改用账号和密码'],
    ['wechat_unavailable', '微信服务暂时没有响应，请稍后再试'],
  ])('shows a message for a rejected number: %s', async (reason, message) => {
    service.handlers['bind'] = () => {
      throw new ServiceError(reason)
    }
    await openForms()
    phone.tap('sign-in-phone')
    await phone.answerDialog('允许')
    await phone.until(() => phone.find('phone-error'))
    expect(phone.text('phone-error')).toBe(message)
    expect(binds()).toHaveLength(1)
  })
})

describe('after a sign-in', () => {
  it('the page opens that the person had chosen', async () => {
    service.handlers['session.list'] = () => ({ sessions: [] })
    phone = await startPhone(service.url)
    await phone.until(() => phone.find('home-sign-in'))
    await phone.openFromProfile('open-devices')
    await phone.until(() => phone.find('sign-in-phone'))
    phone.tap('sign-in-phone')
    await phone.answerDialog('允许')
    await phone.until(() => phone.find('only-device'))
    const paths = phone.simulator.pageStack().map((page) => page.path)
    expect(paths).toEqual(['pages/profile/index', 'pages/devices/index'])
  })

  it('a link from outside opens only pages of the mini program', async () => {
    phone = await startPhone(service.url)
    await phone.until(() => phone.find('home-sign-in'))
    await phone.simulator.launch(`pages/sign-in/index?to=${encodeURIComponent('/pages/../x')}`)
    await phone.until(() => phone.find('sign-in-phone'))
    phone.tap('sign-in-phone')
    await phone.answerDialog('允许')
    await phone.until(() => phone.find('home-greeting'))
  })
})
