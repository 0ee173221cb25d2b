// @vitest-environment jsdom
import { createMemoryStorage } from '@mianmi/wechat-sandbox/wx'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signedIn, unbound } from './service-replies.ts'
import { ServiceError, type ServiceStub, startServiceStub } from './service-stub.ts'
import { type Phone, startPhone } from './test-phone.ts'

let service: ServiceStub
let phone: Phone | undefined

beforeEach(async () => {
  service = await startServiceStub({ miniLogin: () => unbound })
})
afterEach(async () => {
  phone?.close()
  phone = undefined
  await service.close()
})

const status = (of: Phone) => of.find('home-state')?.dataset['status']

describe('home', () => {
  it('is shown at once, before the sign-in has finished', async () => {
    let sendReply: (reply: unknown) => void = () => undefined
    const reply = new Promise((resolve) => {
      sendReply = resolve
    })
    service.handlers['miniLogin'] = () => reply
    phone = await startPhone(service.url)
    const { find, until } = phone
    expect(phone.simulator.currentPage().textContent).toContain('打开就已登录')
    expect(status(phone)).toBe('starting')
    sendReply(unbound)
    await until(() => find('home-sign-in'))
    expect(phone.text('home-badge')).toBe('未绑定')
  })

  it('shows a guest its content without a request for sign-in', async () => {
    phone = await startPhone(service.url)
    const { find, until } = phone
    await until(() => find('home-sign-in'))
    expect(phone.simulator.pageStack().map((page) => page.path)).toEqual(['pages/home/index'])
    expect(service.calls.map((call) => call.path)).toEqual(['miniLogin'])
  })

  it('greets a bound person by name', async () => {
    service.handlers['miniLogin'] = () => signedIn
    phone = await startPhone(service.url)
    const { find, until } = phone
    await until(() => find('home-greeting'))
    expect(phone.text('home-greeting')).toContain('，小林')
  })

  it('signs in again from storage, without a code and a call', async () => {
    service.handlers['miniLogin'] = () => signedIn
    const storage = createMemoryStorage()
    phone = await startPhone(service.url, { wx: { storage } })
    const { find, until } = phone
    await until(() => find('home-greeting'))
    // The page is shown before the sign-in is stored.
    const kept = () => storage.getItem('wx:wx6d69616e6d690001:xiaolin:wx-session')
    await expect.poll(kept).not.toBeNull()
    await phone.relaunch()
    await until(() => find('home-greeting'))
    expect(service.logins()).toBe(1)
    expect(service.calls).toHaveLength(1)
  })

  it('shows that the service cannot be reached, and signs in on the next try', async () => {
    service.down = true
    phone = await startPhone(service.url)
    const { find, tap, until } = phone
    await until(() => find('retry'))
    expect(phone.text('home-badge')).toBe('离线')
    expect(phone.text('home-text')).toBe('网络连接失败，请检查网络后重试')
    service.down = false
    service.handlers['miniLogin'] = () => signedIn
    tap('retry')
    await until(() => find('home-greeting'))
  })

  it('does not claim that no password was typed', async () => {
    service.handlers['bind'] = () => signedIn
    phone = await startPhone(service.url)
    const { find, tap, type, until } = phone
    await until(() => find('home-sign-in'))
    tap('home-sign-in')
    await until(() => find('submit'))
    type('field-account', 'lin')
    type('field-password', 'correct horse')
    tap('submit')
    await until(() => find('home-greeting'))
    expect(find('home-state')?.textContent).toContain('打开就已登录')
    expect(find('home-state')?.textContent).not.toContain('没有输入密码')
  })

  it.each(['wechat_unavailable', 'user_blocked', 'overloaded', 'internal', 'app_unknown'])(
    'says offline for a missing network only, not for %s',
    async (reason) => {
      service.handlers['miniLogin'] = () => {
        throw new ServiceError(reason)
      }
      phone = await startPhone(service.url)
      const { find, until } = phone
      await until(() => find('home-text'))
      expect(phone.text('home-badge')).toBe('未登录')
    },
  )

  it('says that the administrator has to list the address', async () => {
    const refused = { errno: 600002, errMsg: 'request:fail url not in domain list' }
    const request = ({ fail }: { fail(failure: object): void }) => fail(refused)
    phone = await startPhone(service.url, { apis: { request } })
    const { find, until } = phone
    await until(() => find('home-text'))
    expect(phone.text('home-text')).toBe('服务地址没有在小程序后台登记，请联系管理员')
    expect(phone.text('home-badge')).toBe('未登录')
  })

  it('shows a message when WeChat does not respond, and the trace id of an internal fault', async () => {
    service.handlers['miniLogin'] = () => {
      throw new ServiceError('wechat_unavailable')
    }
    phone = await startPhone(service.url)
    const { find, tap, until } = phone
    await until(() => find('retry'))
    expect(phone.text('home-text')).toBe('微信服务暂时没有响应，请稍后再试')
    expect(find('trace')).toBeNull()
    service.handlers['miniLogin'] = () => {
      throw new ServiceError('internal')
    }
    tap('retry')
    await until(() => find('trace'))
    expect(phone.text('trace')).toContain('trace-1')
  })
})

describe('the avatar of a person without a picture', () => {
  const initial = () => phone?.find('avatar')?.textContent

  it.each([
    ['小林', '小'],
    ['lin', 'L'],
    ['😀林', '😀'],
    ['138****8000', ''],
    ['13800008000', ''],
    ['１３８', ''],
    ['+86 138', ''],
    ['9527号', '号'],
    ['1️⃣号', '号'],
    ['_lin', 'L'],
  ])('of %s shows “%s”', async (nickname, letter) => {
    service.handlers['miniLogin'] = () => ({ ...signedIn, user: { ...signedIn.user, nickname } })
    phone = await startPhone(service.url)
    await phone.until(() => phone?.find('home-greeting'))
    expect(initial()).toBe(letter)
    const isFigure = phone.find('avatar')?.querySelector('[class*="head"]') !== null
    expect(isFigure).toBe(letter === '')
  })
})
