// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Phone, startPhone } from './phone.ts'
import { Refusal, type StandIn, startStandIn } from './stand-in.ts'
import { signedIn, unbound } from './wire.ts'

let service: StandIn
let phone: Phone | undefined

beforeEach(async () => {
  service = await startStandIn({ miniLogin: () => unbound })
})
afterEach(async () => {
  phone?.close()
  phone = undefined
  await service.close()
})

const status = (of: Phone) => of.find('home-state')?.dataset['status']

describe('home', () => {
  it('is there at once, while the sign-in is still on its way', async () => {
    let answer: (reply: unknown) => void = () => undefined
    const reply = new Promise((resolve) => {
      answer = resolve
    })
    service.answers['miniLogin'] = () => reply
    phone = await startPhone(service.url)
    const { find, until } = phone
    expect(phone.simulator.currentPage().textContent).toContain('打开就已登录')
    expect(status(phone)).toBe('starting')
    answer(unbound)
    await until(() => find('home-sign-in'))
    expect(phone.text('home-badge')).toBe('未绑定')
  })

  it('shows a visitor round without asking for anything', async () => {
    phone = await startPhone(service.url)
    const { find, until } = phone
    await until(() => find('home-sign-in'))
    expect(phone.simulator.pageStack().map((page) => page.path)).toEqual(['pages/home/index'])
    expect(service.calls.map((call) => call.path)).toEqual(['miniLogin'])
  })

  it('greets whoever is bound already, by name', async () => {
    service.answers['miniLogin'] = () => signedIn
    phone = await startPhone(service.url)
    const { find, until } = phone
    await until(() => find('home-greeting'))
    expect(phone.text('home-greeting')).toContain('，小林')
  })

  it('signs in again from storage, with no code and no call', async () => {
    service.answers['miniLogin'] = () => signedIn
    phone = await startPhone(service.url)
    const { find, until } = phone
    await until(() => find('home-greeting'))
    await phone.relaunch()
    await until(() => find('home-greeting'))
    expect(service.logins()).toBe(1)
    expect(service.calls).toHaveLength(1)
  })

  it('says when the service is out of reach, and signs in on the next try', async () => {
    service.down = true
    phone = await startPhone(service.url)
    const { find, tap, until } = phone
    await until(() => find('retry'))
    expect(phone.text('home-badge')).toBe('离线')
    expect(phone.text('home-text')).toBe('网络连接失败，请检查网络后重试')
    service.down = false
    service.answers['miniLogin'] = () => signedIn
    tap('retry')
    await until(() => find('home-greeting'))
  })

  it('tells in words that WeChat does not answer, and shows the number of a fault', async () => {
    service.answers['miniLogin'] = () => {
      throw new Refusal('wechat_unavailable')
    }
    phone = await startPhone(service.url)
    const { find, tap, until } = phone
    await until(() => find('retry'))
    expect(phone.text('home-text')).toBe('微信服务暂时没有响应，请稍后再试')
    expect(find('trace')).toBeNull()
    service.answers['miniLogin'] = () => {
      throw new Refusal('internal')
    }
    tap('retry')
    await until(() => find('trace'))
    expect(phone.text('trace')).toContain('trace-1')
  })
})
