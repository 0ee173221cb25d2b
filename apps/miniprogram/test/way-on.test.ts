// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Phone, startPhone } from './phone.ts'
import { Refusal, type StandIn, startStandIn } from './stand-in.ts'
import { me, signedIn, unbound } from './wire.ts'

let service: StandIn
let phone: Phone

function refuse(path: string, reason: string): void {
  service.answers[path] = () => {
    throw new Refusal(reason)
  }
}

/** The devices of somebody signed in, which the service does not tell. */
async function openRefused(reason: string): Promise<void> {
  refuse('session.list', reason)
  phone = await startPhone(service.url)
  await phone.until(() => phone.find('home-greeting'))
  await phone.openFromProfile('open-devices')
  await phone.until(() => phone.find('way-on') ?? phone.find('retry'))
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

describe('the way on from a failure', () => {
  it('is trying again where that may help, and nothing else', async () => {
    await openRefused('overloaded')
    expect(phone.find('way-on')).toBeNull()
    service.answers['session.list'] = () => ({ sessions: [] })
    phone.tap('retry')
    await phone.until(() => phone.find('only-device'))
  })

  it('is a new sign-in where the old one is of no use', async () => {
    await openRefused('code_rejected')
    phone.tap('way-on')
    await phone.until(() => phone.find('sign-in-wechat'))
  })

  it('is looking round where the person is blocked; trying again is not offered', async () => {
    await openRefused('forbidden')
    expect(phone.find('retry')).toBeNull()
    phone.tap('way-on')
    await phone.until(() => phone.find('home-greeting'))
  })

  it('is the number to quote where only the operator can help', async () => {
    await openRefused('wechat_misconfigured')
    expect(phone.text('trace')).toContain('trace-1')
    phone.tap('way-on')
    await phone.until(() =>
      document.querySelector('[role=dialog]')?.textContent?.includes('trace-1'),
    )
    await phone.answerDialog('知道了')
  })

  it('home offers no retry to somebody whom WeChat blocks', async () => {
    refuse('miniLogin', 'user_blocked')
    phone = await startPhone(service.url)
    await phone.until(() => phone.find('home-text'))
    expect(phone.text('home-text')).toBe('微信判定当前账号存在风险，暂时不能登录')
    expect(phone.find('retry')).toBeNull()
  })

  it('home keeps its invitation once the person is known not to be bound', async () => {
    refuse('miniLogin', 'app_unknown')
    phone = await startPhone(service.url)
    await phone.until(() => phone.find('way-on'))
    service.answers['miniLogin'] = () => unbound
    phone.tap('retry')
    await phone.until(() => phone.find('home-sign-in'))
    expect(phone.find('way-on')).toBeNull()
  })
})
