// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Phone, startPhone } from './phone.ts'
import { Refusal, type StandIn, startStandIn } from './stand-in.ts'
import { me, signedIn } from './wire.ts'

let service: StandIn
let phone: Phone

const at = '2026-11-22T06:00:00.000Z'
const session = { appId: 'wx6d69616e6d690001', createdAt: at, lastSeenAt: at }
const here = { ...session, id: 's1', current: true, device: 'Mozilla/5.0 (iPhone; CPU iPhone OS)' }
const there = { ...session, id: 's2', current: false, device: 'Mozilla/5.0 (Windows NT 10.0)' }

async function openDevices(): Promise<void> {
  phone = await startPhone(service.url)
  await phone.until(() => phone.find('home-greeting'))
  await phone.openFromProfile('open-devices')
  await phone.until(() => phone.find('device'))
}

beforeEach(async () => {
  service = await startStandIn({
    miniLogin: () => signedIn,
    me: () => me,
    'session.list': () => ({ sessions: [there, here] }),
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
  it('stand there by names their owner knows, this one first', async () => {
    await openDevices()
    expect(names()).toEqual(['iPhone', 'Windows 电脑'])
    expect(phone.findAll('device-current')).toHaveLength(1)
    expect(phone.findAll('device-end')).toHaveLength(1)
  })

  it.each([
    ['device-end', 'session.revoke', { sessionId: 's2' }],
    ['end-others', 'session.revokeOthers', undefined],
  ])('%s ends a sign-in elsewhere when asked twice', async (button, path, input) => {
    await openDevices()
    phone.tap(button)
    await phone.answerDialog('取消')
    service.answers['session.list'] = () => ({ sessions: [here] })
    phone.tap(button)
    await phone.answerDialog('结束')
    await phone.until(() => phone.find('only-device'))
    const calls = service.calls.filter((call) => call.path === path)
    expect(calls).toHaveLength(1)
    if (input) expect(calls[0]?.input).toEqual(input)
    expect(names()).toEqual(['iPhone'])
  })

  it('one that has ended meanwhile is gone, which is said', async () => {
    await openDevices()
    service.answers['session.revoke'] = () => {
      throw new Refusal('not_found')
    }
    service.answers['session.list'] = () => ({ sessions: [here] })
    phone.tap('device-end')
    await phone.answerDialog('结束')
    await phone.until(() => phone.find('only-device'))
    expect(phone.text('form-error')).toBe('内容不存在或已被删除')
  })

  it('this one being ended from elsewhere shows the guest view, as nobody is bound any more', async () => {
    await openDevices()
    service.answers['session.list'] = () => {
      throw new Refusal('unauthenticated', { code: 'UNAUTHORIZED' })
    }
    service.answers['session.refresh'] = () => {
      throw new Refusal('unauthenticated', { code: 'UNAUTHORIZED' })
    }
    service.answers['miniLogin'] = () => ({
      status: 'unbound',
      ticket: 'ticket-2',
      ticketExpiresAt: '2099-01-01T00:00:00.000Z',
    })
    phone.pullDown()
    await phone.until(() => phone.find('guest-sign-in'))
  })
})
