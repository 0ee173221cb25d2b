// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { me, signedIn } from './service-replies.ts'
import { ServiceError, type ServiceStub, startServiceStub } from './service-stub.ts'
import { type Phone, startPhone } from './test-phone.ts'

let service: ServiceStub
let phone: Phone

const at = '2026-11-22T06:00:00.000Z'
const session = { appId: 'wx6d69616e6d690001', createdAt: at, lastSeenAt: at }
const thisDevice = {
  ...session,
  id: 's1',
  current: true,
  device: 'Mozilla/5.0 (iPhone; CPU iPhone OS)',
}
const otherDevice = {
  ...session,
  id: 's2',
  current: false,
  device: 'Mozilla/5.0 (Windows NT 10.0)',
}

async function openDevices(): Promise<void> {
  phone = await startPhone(service.url)
  await phone.until(() => phone.find('home-greeting'))
  await phone.openFromProfile('open-devices')
  await phone.until(() => phone.find('device'))
}

beforeEach(async () => {
  service = await startServiceStub({
    miniLogin: () => signedIn,
    me: () => me,
    'session.list': () => ({ sessions: [otherDevice, thisDevice] }),
    'session.revoke': () => ({}),
    'session.revokeOthers': () => ({ revoked: 1 }),
  })
})
afterEach(async () => {
  phone.close()
  await service.close()
})

const names = () => phone.findAll('device-name').map((name) => name.textContent)

describe('the devices', () => {
  it('are listed with names that the owner recognises, this one first', async () => {
    await openDevices()
    expect(names()).toEqual(['iPhone', 'Windows 电脑'])
    expect(phone.findAll('device-current')).toHaveLength(1)
    expect(phone.findAll('device-end')).toHaveLength(1)
  })

  it('say in which mini program each sign-in was', async () => {
    const other = { ...otherDevice, appId: 'wx6d69616e6d690002' }
    service.handlers['session.list'] = () => ({ sessions: [other, thisDevice] })
    await openDevices()
    const [first, second] = phone.findAll('device').map((device) => device.textContent)
    expect(first).toContain('免密，登录于')
    expect(second).toContain('免密第二店，登录于')
  })

  it.each([
    ['device-end', 'session.revoke', { sessionId: 's2' }],
    ['end-others', 'session.revokeOthers', undefined],
  ])('%s ends a session after a confirmation', async (button, path, input) => {
    await openDevices()
    phone.tap(button)
    await phone.answerDialog('取消')
    service.handlers['session.list'] = () => ({ sessions: [thisDevice] })
    phone.tap(button)
    await phone.answerDialog('结束')
    await phone.until(() => phone.find('only-device'))
    const calls = service.calls.filter((call) => call.path === path)
    expect(calls).toHaveLength(1)
    if (input) expect(calls[0]?.input).toEqual(input)
    expect(names()).toEqual(['iPhone'])
  })

  it('one that has ended meanwhile is removed, with a message', async () => {
    await openDevices()
    service.handlers['session.revoke'] = () => {
      throw new ServiceError('not_found')
    }
    service.handlers['session.list'] = () => ({ sessions: [thisDevice] })
    phone.tap('device-end')
    await phone.answerDialog('结束')
    await phone.until(() => phone.find('only-device'))
    expect(phone.text('form-error')).toBe('内容不存在或已被删除')
  })

  it('shows the guest view when this session was ended elsewhere and the identity is unbound', async () => {
    await openDevices()
    service.handlers['session.list'] = () => {
      throw new ServiceError('unauthenticated', { code: 'UNAUTHORIZED' })
    }
    service.handlers['session.refresh'] = () => {
      throw new ServiceError('unauthenticated', { code: 'UNAUTHORIZED' })
    }
    service.handlers['miniLogin'] = () => ({
      status: 'unbound',
      ticket: 'ticket-2',
      ticketExpiresAt: '2099-01-01T00:00:00.000Z',
    })
    phone.pullDown()
    await phone.until(() => phone.find('guest-sign-in'))
  })
})
