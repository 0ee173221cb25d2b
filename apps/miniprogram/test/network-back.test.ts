// @vitest-environment jsdom
import { createMemoryStorage } from '@mianmi/wechat-sandbox/wx'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { me, signedIn, unbound } from './service-replies.ts'
import { ServiceError, type ServiceStub, startServiceStub } from './service-stub.ts'
import { createNetwork, type Phone, startPhone } from './test-phone.ts'

let service: ServiceStub
let phone: Phone
let network: ReturnType<typeof createNetwork>

beforeEach(async () => {
  network = createNetwork()
  service = await startServiceStub({
    miniLogin: () => signedIn,
    me: () => me,
    'session.list': () => ({ sessions: [] }),
  })
})
afterEach(async () => {
  phone.close()
  await service.close()
})

const count = (path: string) => service.calls.filter((call) => call.path === path).length

describe('when the network is back', () => {
  it('a sign-in that it has failed is tried again, once', async () => {
    network.set('none')
    phone = await startPhone(service.url, network)
    await phone.until(() => phone.find('retry'))
    expect(phone.text('home-badge')).toBe('离线')
    network.set('wifi')
    await phone.until(() => phone.find('home-greeting'))
    network.set('none')
    network.set('wifi')
    expect(count('miniLogin')).toBe(1)
  })

  it('a sign-in is tried again also after several taps in vain', async () => {
    service.down = true
    phone = await startPhone(service.url, network)
    await phone.until(() => phone.find('retry'))
    for (let tap = 0; tap < 2; tap += 1) {
      phone.tap('retry')
      await phone.until(() => phone.find('retry')?.hasAttribute('loading'))
      await phone.until(() => !phone.find('retry')?.hasAttribute('loading'))
    }
    service.down = false
    network.set('wifi')
    await phone.until(() => phone.find('home-greeting'))
    expect(count('miniLogin')).toBe(1)
  })

  it('a page that it has failed is loaded again', async () => {
    phone = await startPhone(service.url, network)
    await phone.until(() => phone.find('home-greeting'))
    await phone.openFromProfile('open-devices')
    await phone.until(() => phone.find('only-device'))
    phone.goBack()
    await phone.until(() => phone.find('open-devices'))
    network.set('none')
    phone.tap('open-devices')
    await phone.until(() => phone.find('retry'))
    network.set('wifi')
    await phone.until(() => phone.find('only-device'))
    expect(count('session.list')).toBe(2)
  })

  it('a failure that is not of the network waits for the person', async () => {
    service.handlers['session.list'] = () => {
      throw new ServiceError('overloaded')
    }
    phone = await startPhone(service.url, network)
    await phone.until(() => phone.find('home-greeting'))
    await phone.openFromProfile('open-devices')
    await phone.until(() => phone.find('retry'))
    network.set('wifi')
    phone.simulator.hide()
    phone.simulator.show()
    phone.tap('retry')
    await phone.until(() => !phone.find('retry')?.hasAttribute('loading'))
    expect(count('session.list')).toBe(2)
  })

  it('a sign-out in another window with the same storage holds', async () => {
    const storage = createMemoryStorage()
    network.set('none')
    phone = await startPhone(service.url, { wx: { ...network.wx, storage } })
    await phone.until(() => phone.find('retry'))
    service.handlers['session.signOut'] = () => ({})
    const other = await startPhone(service.url, { wx: { storage } })
    await other.until(() => other.find('home-greeting'))
    other.openTab('pages/profile/index')
    await other.until(() => other.find('profile-sign-out'))
    other.tap('profile-sign-out')
    await other.answerDialog('退出')
    await other.until(() => other.find('profile-sign-in'))
    await service.received('session.signOut')
    other.close()
    network.set('wifi')
    await phone.until(() => phone.find('home-badge')?.textContent === '访客')
    expect(count('miniLogin')).toBe(1)
  })

  it('an unbound person gets the forms of the sign-in page', async () => {
    service.handlers['miniLogin'] = () => unbound
    service.down = true
    phone = await startPhone(service.url, network)
    await phone.until(() => phone.find('retry'))
    await phone.simulator.launch('pages/sign-in/index')
    await phone.until(() => phone.find('sign-in-wechat'))
    service.down = false
    network.set('wifi')
    await phone.until(() => phone.find('submit'))
  })
})

describe('when the mini program is shown again', () => {
  it('a failed sign-in is tried again', async () => {
    service.down = true
    phone = await startPhone(service.url)
    await phone.until(() => phone.find('retry'))
    phone.simulator.hide()
    service.down = false
    phone.simulator.show()
    await phone.until(() => phone.find('home-greeting'))
    expect(count('miniLogin')).toBe(1)
  })

  it('a failed page is loaded again', async () => {
    phone = await startPhone(service.url)
    await phone.until(() => phone.find('home-greeting'))
    service.down = true
    phone.openTab('pages/profile/index')
    await phone.until(() => phone.find('retry'))
    service.down = false
    phone.openTab('pages/home/index')
    await phone.until(() => phone.find('home-greeting'))
    phone.openTab('pages/profile/index')
    await phone.until(() => phone.find('profile-account'))
    expect(count('me')).toBe(1)
  })
})
